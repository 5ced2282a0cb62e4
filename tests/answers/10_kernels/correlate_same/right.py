from course.kernels.simulator import cuda, float32, on_grid


@on_grid(padding="same")
def early_return(image, mask, output):
    column, row = cuda.grid(2)
    height, width = image.shape
    if row >= height or column >= width:
        return
    total = float32(0)
    for r in range(mask.shape[0]):
        for c in range(mask.shape[1]):
            y, x = row - mask.shape[0] // 2 + r, column - mask.shape[1] // 2 + c
            if 0 <= y < height and 0 <= x < width:
                total += image[y, x] * mask[r, c]
    output[row, column] = total


@on_grid(padding="same")
def within_a_condition(image, mask, output):
    x = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    y = cuda.blockIdx.y * cuda.blockDim.y + cuda.threadIdx.y
    if y < output.shape[0] and x < output.shape[1]:
        p, q = mask.shape
        s = 0.0
        for dy in range(-(p // 2), p // 2 + 1):
            for dx in range(-(q // 2), q // 2 + 1):
                outside = y + dy < 0 or x + dx < 0
                outside = outside or y + dy >= image.shape[0] or x + dx >= image.shape[1]
                if not outside:
                    s += image[y + dy, x + dx] * mask[dy + p // 2, dx + q // 2]
        output[y, x] = s


@on_grid(padding="same")
def loops_cut_at_the_border(image, mask, output):
    column, row = cuda.grid(2)
    height, width = image.shape
    if row >= height or column >= width:
        return
    top, left = row - mask.shape[0] // 2, column - mask.shape[1] // 2
    total = float32(0)
    for y in range(max(top, 0), min(top + mask.shape[0], height)):
        for x in range(max(left, 0), min(left + mask.shape[1], width)):
            total += image[y, x] * mask[y - top, x - left]
    output[row, column] = total


@on_grid(padding="same")
def slides_style(image, mask, output):
    column, row = cuda.grid(2)
    height, width = image.shape
    if row < height and column < width:
        start_row, start_column = row - mask.shape[0] // 2, column - mask.shape[1] // 2
        value = 0.0
        for j in range(mask.shape[0]):
            for k in range(mask.shape[1]):
                r, c = start_row + j, start_column + k
                if r > -1 and r < height and c > -1 and c < width:
                    value += image[r, c] * mask[j, k]
        output[row, column] = value
