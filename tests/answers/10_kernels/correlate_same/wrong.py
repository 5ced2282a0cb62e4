from course.kernels.simulator import cuda, float32, on_grid


@on_grid(padding="same")
def idle_go_on(image, mask, output):
    """idle threads that go on"""
    column, row = cuda.grid(2)
    height, width = image.shape
    p, q = mask.shape
    total = float32(0)
    for r in range(p):
        for c in range(q):
            y, x = row - p // 2 + r, column - q // 2 + c
            if 0 <= y < height and 0 <= x < width:
                total += image[y, x] * mask[r, c]
    output[row, column] = total


@on_grid(padding="same")
def rows_alone(image, mask, output):
    """only the rows checked for idle threads"""
    column, row = cuda.grid(2)
    height, width = image.shape
    p, q = mask.shape
    if row >= height:
        return
    total = float32(0)
    for r in range(p):
        for c in range(q):
            y, x = row - p // 2 + r, column - q // 2 + c
            if 0 <= y < height and 0 <= x < width:
                total += image[y, x] * mask[r, c]
    output[row, column] = total


@on_grid(padding="same")
def one_too_far(image, mask, output):
    """idle threads that go on"""
    column, row = cuda.grid(2)
    height, width = image.shape
    p, q = mask.shape
    if row > height or column > width:
        return
    total = float32(0)
    for r in range(p):
        for c in range(q):
            y, x = row - p // 2 + r, column - q // 2 + c
            if 0 <= y < height and 0 <= x < width:
                total += image[y, x] * mask[r, c]
    output[row, column] = total


@on_grid(padding="same")
def columns_alone(image, mask, output):
    """only the columns checked for idle threads"""
    column, row = cuda.grid(2)
    height, width = image.shape
    p, q = mask.shape
    if column >= width:
        return
    total = float32(0)
    for r in range(p):
        for c in range(q):
            y, x = row - p // 2 + r, column - q // 2 + c
            if 0 <= y < height and 0 <= x < width:
                total += image[y, x] * mask[r, c]
    output[row, column] = total


@on_grid(padding="same")
def no_ghosts(image, mask, output):
    """ghost cells that are read"""
    column, row = cuda.grid(2)
    height, width = image.shape
    p, q = mask.shape
    if row >= height or column >= width:
        return
    total = float32(0)
    for r in range(p):
        for c in range(q):
            y, x = row - p // 2 + r, column - q // 2 + c
            total += image[y, x] * mask[r, c]
    output[row, column] = total


@on_grid(padding="same")
def upper_bounds_alone(image, mask, output):
    """ghost cells that are read"""
    column, row = cuda.grid(2)
    height, width = image.shape
    p, q = mask.shape
    if row >= height or column >= width:
        return
    total = float32(0)
    for r in range(p):
        for c in range(q):
            y, x = row - p // 2 + r, column - q // 2 + c
            if y < height and x < width:
                total += image[y, x] * mask[r, c]
    output[row, column] = total


@on_grid(padding="same")
def rows_of_ghosts(image, mask, output):
    """ghost cells checked above and below alone"""
    column, row = cuda.grid(2)
    height, width = image.shape
    p, q = mask.shape
    if row >= height or column >= width:
        return
    total = float32(0)
    for r in range(p):
        for c in range(q):
            y, x = row - p // 2 + r, column - q // 2 + c
            if 0 <= y < height:
                total += image[y, x] * mask[r, c]
    output[row, column] = total


@on_grid(padding="same")
def columns_of_ghosts(image, mask, output):
    """ghost cells checked to the left and right alone"""
    column, row = cuda.grid(2)
    height, width = image.shape
    p, q = mask.shape
    if row >= height or column >= width:
        return
    total = float32(0)
    for r in range(p):
        for c in range(q):
            y, x = row - p // 2 + r, column - q // 2 + c
            if 0 <= x < width:
                total += image[y, x] * mask[r, c]
    output[row, column] = total


@on_grid(padding="same")
def clamped(image, mask, output):
    """the border's pixel in place of a ghost cell"""
    column, row = cuda.grid(2)
    height, width = image.shape
    p, q = mask.shape
    if row >= height or column >= width:
        return
    total = float32(0)
    for r in range(p):
        for c in range(q):
            y, x = (
                min(max(row - p // 2 + r, 0), height - 1),
                min(max(column - q // 2 + c, 0), width - 1),
            )
            total += image[y, x] * mask[r, c]
    output[row, column] = total


@on_grid(padding="same")
def wrapped(image, mask, output):
    """the opposite border in place of a ghost cell"""
    column, row = cuda.grid(2)
    height, width = image.shape
    p, q = mask.shape
    if row >= height or column >= width:
        return
    total = float32(0)
    for r in range(p):
        for c in range(q):
            y, x = (row - p // 2 + r) % height, (column - q // 2 + c) % width
            total += image[y, x] * mask[r, c]
    output[row, column] = total


@on_grid(padding="same")
def from_the_corner(image, mask, output):
    """windows that begin at the thread's pixel"""
    column, row = cuda.grid(2)
    height, width = image.shape
    p, q = mask.shape
    if row >= height or column >= width:
        return
    total = float32(0)
    for r in range(p):
        for c in range(q):
            y, x = row + r, column + c
            if 0 <= y < height and 0 <= x < width:
                total += image[y, x] * mask[r, c]
    output[row, column] = total


@on_grid(padding="same")
def to_the_corner(image, mask, output):
    """windows that end at the thread's pixel"""
    column, row = cuda.grid(2)
    height, width = image.shape
    p, q = mask.shape
    if row >= height or column >= width:
        return
    total = float32(0)
    for r in range(p):
        for c in range(q):
            y, x = row - p + 1 + r, column - q + 1 + c
            if 0 <= y < height and 0 <= x < width:
                total += image[y, x] * mask[r, c]
    output[row, column] = total


@on_grid(padding="same")
def border_left_out(image, mask, output):
    """no output at the border"""
    column, row = cuda.grid(2)
    height, width = image.shape
    p, q = mask.shape
    if row < p // 2 or row >= height - p // 2:
        return
    if column < q // 2 or column >= width - q // 2:
        return
    total = float32(0)
    for r in range(p):
        for c in range(q):
            y, x = row - p // 2 + r, column - q // 2 + c
            total += image[y, x] * mask[r, c]
    output[row, column] = total


@on_grid(padding="same")
def from_one(image, mask, output):
    """the first row and column taken for ghost cells"""
    column, row = cuda.grid(2)
    height, width = image.shape
    p, q = mask.shape
    if row >= height or column >= width:
        return
    total = float32(0)
    for r in range(p):
        for c in range(q):
            y, x = row - p // 2 + r, column - q // 2 + c
            if 0 < y < height and 0 < x < width:
                total += image[y, x] * mask[r, c]
    output[row, column] = total


@on_grid(padding="same")
def turned(image, mask, output):
    """a flipped mask"""
    column, row = cuda.grid(2)
    height, width = image.shape
    p, q = mask.shape
    if row >= height or column >= width:
        return
    total = float32(0)
    for r in range(p):
        for c in range(q):
            y, x = row - p // 2 + r, column - q // 2 + c
            if 0 <= y < height and 0 <= x < width:
                total += image[y, x] * mask[p - 1 - r, q - 1 - c]
    output[row, column] = total
