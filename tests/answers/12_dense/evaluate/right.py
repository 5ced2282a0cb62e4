import numpy as np
from sklearn.metrics import accuracy_score, jaccard_score


def joined(batches, num_classes):
    said = np.concatenate([logits.argmax(1).ravel() for logits, _ in batches])
    asked = np.concatenate([target.ravel() for _, target in batches])
    said, asked = said[asked != 255], asked[asked != 255]
    scores = []
    for k in np.union1d(said, asked):
        both = np.sum((said == k) & (asked == k))
        scores.append(both / np.sum((said == k) | (asked == k)))
    return np.mean(scores), np.mean(said == asked)


def library(batches, num_classes):
    said = np.concatenate([logits.argmax(1).ravel() for logits, _ in batches])
    asked = np.concatenate([target.ravel() for _, target in batches])
    said, asked = said[asked != 255], asked[asked != 255]
    return jaccard_score(asked, said, average="macro"), accuracy_score(asked, said)


def confusion(batches, num_classes):
    counts = np.zeros((num_classes, num_classes), int)
    for logits, target in batches:
        said = np.argmax(logits, axis=1)
        kept = target < num_classes
        np.add.at(counts, (target[kept], said[kept]), 1)
    both = np.diag(counts)
    either = counts.sum(0) + counts.sum(1) - both
    with np.errstate(invalid="ignore"):
        return [np.nanmean(both / either), both.sum() / counts.sum()]


def masks(batches, num_classes):
    right = pixels = 0
    both, either = [0] * num_classes, [0] * num_classes
    for logits, target in batches:
        asked = target != 255
        said = logits.argmax(axis=1)
        right += ((said == target) & asked).sum()
        pixels += asked.sum()
        for k in range(num_classes):
            both[k] += ((said == k) & (target == k)).sum()
            either[k] += (((said == k) | (target == k)) & asked).sum()
    scores = [b / e for b, e in zip(both, either) if e]
    return sum(scores) / len(scores), right / pixels
