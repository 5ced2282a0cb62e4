"""The speed-up, as students write it."""


def step_by_step(compute, nbytes, devices, bandwidth, latency=0.0):
    chunk = nbytes / devices
    ring = 0.0
    for _ in range(2 * (devices - 1)):
        ring += latency + chunk / bandwidth
    return compute / (compute / devices + ring)


def sent_bytes_first(compute, nbytes, devices, bandwidth, latency=0.0):
    sent = 2 * (devices - 1) / devices * nbytes
    t = compute / devices + sent / bandwidth + 2 * (devices - 1) * latency
    return compute / t


def as_a_share(compute, nbytes, devices, bandwidth, latency=0.0):
    ring = 2 * (devices - 1) * (latency + nbytes / (devices * bandwidth))
    return devices / (1 + devices * ring / compute)


def one_device_apart(compute, nbytes, devices, bandwidth, latency=0.0):
    if devices == 1:
        return 1.0
    steps = 2 * devices - 2
    return compute / (compute / devices + steps * latency + steps * nbytes / devices / bandwidth)
