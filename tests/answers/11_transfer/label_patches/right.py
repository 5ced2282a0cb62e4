import numpy as np


def with_sets(patches, boxes, classes, background):
    def cells(box):
        t, le, h, w = (int(v) for v in box)
        return {(r, c) for r in range(t, t + h) for c in range(le, le + w)}

    objects = [cells(box) for box in boxes]
    labels = []
    for patch in patches:
        own = cells(patch)
        met = [b for b, other in enumerate(objects) if own & other]
        if not met:
            labels.append(background)
        elif len(met) > 1:
            labels.append(-1)
        else:
            share = len(own & objects[met[0]])
            good = share / len(own) >= 0.2 and share / len(objects[met[0]]) >= 0.6
            labels.append(int(classes[met[0]]) if good else -1)
    return np.array(labels)


def masks(patches, boxes, classes, background):
    edge = np.concatenate([patches, boxes])
    size = (edge[:, 0] + edge[:, 2]).max(), (edge[:, 1] + edge[:, 3]).max()

    def mask(box):
        m = np.zeros(size, bool)
        m[box[0] : box[0] + box[2], box[1] : box[1] + box[3]] = True
        return m

    objects = np.stack([mask(box) for box in boxes])
    out = np.empty(len(patches), int)
    for p, patch in enumerate(patches):
        shared = (objects & mask(patch)).sum(axis=(1, 2))
        b = shared.argmax()
        if shared[b] == 0:
            out[p] = background
        elif (shared > 0).sum() > 1 or 5 * shared[b] < patch[2] * patch[3]:
            out[p] = -1
        else:
            out[p] = classes[b] if 5 * shared[b] >= 3 * boxes[b, 2] * boxes[b, 3] else -1
    return out


def all_pairs(patches, boxes, classes, background):
    p, b = patches[:, None], boxes[None]
    tall, wide = (
        np.minimum(p[..., k] + p[..., k + 2], b[..., k] + b[..., k + 2])
        - np.maximum(p[..., k], b[..., k])
        for k in (0, 1)
    )
    shared = tall.clip(0) * wide.clip(0)
    met, best = (shared > 0).sum(1), shared.argmax(1)
    top = shared.max(1)
    good = (top >= 0.2 * patches[:, 2:].prod(1)) & (top >= 0.6 * boxes[best, 2:].prod(1))
    return np.where(met == 0, background, np.where((met == 1) & good, classes[best], -1))


def python_lists(patches, boxes, classes, background):
    labels = []
    for t1, l1, h1, w1 in patches.tolist():
        met = []
        for (t2, l2, h2, w2), k in zip(boxes.tolist(), classes.tolist()):
            h = len(range(max(t1, t2), min(t1 + h1, t2 + h2)))
            w = len(range(max(l1, l2), min(l1 + w1, l2 + w2)))
            if h * w:
                met.append((h * w / (h1 * w1) >= 0.2 and h * w / (h2 * w2) >= 0.6, k))
        if len(met) == 1 and met[0][0]:
            labels.append(met[0][1])
        else:
            labels.append(-1 if met else background)
    return np.array(labels)
