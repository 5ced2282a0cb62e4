"""The speed-up with a mistake; each docstring is what the student must be told."""


def _ring(nbytes, devices, bandwidth, latency):
    return 2 * (devices - 1) * (latency + nbytes / devices / bandwidth)


def as_many_as_devices(compute, nbytes, devices, bandwidth, latency=0.0):
    """an exchange that takes no time"""
    return devices


def seconds(compute, nbytes, devices, bandwidth, latency=0.0):
    """the time of the step"""
    return compute / devices + _ring(nbytes, devices, bandwidth, latency)


def upside_down(compute, nbytes, devices, bandwidth, latency=0.0):
    return (compute / devices + _ring(nbytes, devices, bandwidth, latency)) / compute


def efficiency(compute, nbytes, devices, bandwidth, latency=0.0):
    """the share of what D devices could give"""
    t = compute / devices + _ring(nbytes, devices, bandwidth, latency)
    return compute / (devices * t)


def computing_whole(compute, nbytes, devices, bandwidth, latency=0.0):
    """computing that is not shared"""
    return compute / (compute + _ring(nbytes, devices, bandwidth, latency))


def everything_each_time(compute, nbytes, devices, bandwidth, latency=0.0):
    """all bytes in every step"""
    return compute / (compute / devices + 2 * (devices - 1) * (latency + nbytes / bandwidth))


def once_round(compute, nbytes, devices, bandwidth, latency=0.0):
    """half of the ring"""
    return compute / (compute / devices + _ring(nbytes, devices, bandwidth, latency) / 2)


def full_circles(compute, nbytes, devices, bandwidth, latency=0.0):
    """two steps too many"""
    ring = 2 * devices * (latency + nbytes / devices / bandwidth)
    return compute / (compute / devices + ring)


def one_message(compute, nbytes, devices, bandwidth, latency=0.0):
    """one message with all bytes"""
    return compute / (compute / devices + latency + nbytes / bandwidth)


def there_and_back(compute, nbytes, devices, bandwidth, latency=0.0):
    """two messages with all bytes"""
    return compute / (compute / devices + 2 * (latency + nbytes / bandwidth))


def one_latency(compute, nbytes, devices, bandwidth, latency=0.0):
    """the latency once"""
    return compute / (compute / devices + latency + _ring(nbytes, devices, bandwidth, 0))


def latency_forgotten(compute, nbytes, devices, bandwidth, latency=0.0):
    """no latency"""
    return compute / (compute / devices + _ring(nbytes, devices, bandwidth, 0))


def in_bits(compute, nbytes, devices, bandwidth, latency=0.0):
    """bits for bytes"""
    return compute / (compute / devices + _ring(8 * nbytes, devices, bandwidth, latency))


def four_bytes_each(compute, nbytes, devices, bandwidth, latency=0.0):
    """numbers for bytes"""
    return compute / (compute / devices + _ring(4 * nbytes, devices, bandwidth, latency))
