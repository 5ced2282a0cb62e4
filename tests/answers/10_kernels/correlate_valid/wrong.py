from course.kernels.simulator import cuda, float32, on_grid


@on_grid(padding="valid")
def turned(image, mask, output):
    """a flipped mask"""
    column, row = cuda.grid(2)
    p, q = mask.shape
    total = float32(0)
    for r in range(p):
        for c in range(q):
            total += image[row + r, column + c] * mask[p - 1 - r, q - 1 - c]
    output[row, column] = total


@on_grid(padding="valid")
def thread_alone(image, mask, output):
    """a place in the block taken for the place in the picture"""
    row, column = cuda.threadIdx.y, cuda.threadIdx.x
    total = float32(0)
    for r in range(mask.shape[0]):
        for c in range(mask.shape[1]):
            total += image[row + r, column + c] * mask[r, c]
    output[row, column] = total


@on_grid(padding="valid")
def set_not_added(image, mask, output):
    """the last product alone"""
    column, row = cuda.grid(2)
    for r in range(mask.shape[0]):
        for c in range(mask.shape[1]):
            total = image[row + r, column + c] * mask[r, c]
    output[row, column] = total


@on_grid(padding="valid")
def stored_in_the_loop(image, mask, output):
    """the last product alone"""
    column, row = cuda.grid(2)
    for r in range(mask.shape[0]):
        for c in range(mask.shape[1]):
            output[row, column] = image[row + r, column + c] * mask[r, c]


@on_grid(padding="valid")
def box(image, mask, output):
    """a sum of pixels without the mask"""
    column, row = cuda.grid(2)
    total = float32(0)
    for r in range(mask.shape[0]):
        for c in range(mask.shape[1]):
            total += image[row + r, column + c]
    output[row, column] = total


@on_grid(padding="valid")
def mean(image, mask, output):
    """a mean over the window"""
    column, row = cuda.grid(2)
    p, q = mask.shape
    total = float32(0)
    for r in range(p):
        for c in range(q):
            total += image[row + r, column + c] * mask[r, c]
    output[row, column] = total / (p * q)


@on_grid(padding="valid")
def added_to_the_output(image, mask, output):
    """an output that adds to what was there"""
    column, row = cuda.grid(2)
    for r in range(mask.shape[0]):
        for c in range(mask.shape[1]):
            output[row, column] += image[row + r, column + c] * mask[r, c]


@on_grid(padding="valid")
def row_first(image, mask, output):
    """row and column exchanged"""
    row, column = cuda.grid(2)
    total = float32(0)
    for r in range(mask.shape[0]):
        for c in range(mask.shape[1]):
            total += image[row + r, column + c] * mask[r, c]
    output[row, column] = total


@on_grid(padding="valid")
def centred(image, mask, output):
    """windows around the thread's place"""
    column, row = cuda.grid(2)
    p, q = mask.shape
    total = float32(0)
    for r in range(p):
        for c in range(q):
            total += image[row - p // 2 + r, column - q // 2 + c] * mask[r, c]
    output[row, column] = total


@on_grid(padding="valid")
def transposed(image, mask, output):
    """a mask whose axes are exchanged"""
    column, row = cuda.grid(2)
    total = float32(0)
    for r in range(mask.shape[0]):
        for c in range(mask.shape[1]):
            total += image[row + r, column + c] * mask[c, r]
    output[row, column] = total


@on_grid(padding="valid")
def one_short(image, mask, output):
    """a mask without its last row and column"""
    column, row = cuda.grid(2)
    total = float32(0)
    for r in range(mask.shape[0] - 1):
        for c in range(mask.shape[1] - 1):
            total += image[row + r, column + c] * mask[r, c]
    output[row, column] = total
