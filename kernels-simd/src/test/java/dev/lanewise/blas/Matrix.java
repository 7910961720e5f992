package dev.lanewise.blas;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.array.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;

/** A matrix somewhere in an array of noise, stored as it is or transposed. */
record Matrix(double[] numbers, int rows, int columns, boolean stored, int offset, int ld) {
  static Matrix of(Random random, int rows, int columns, Transpose transpose) {
    boolean t = transpose == Transpose.YES;
    int ld = Math.max(1, t ? rows : columns) + (random.nextBoolean() ? 0 : random.nextInt(9));
    int offset = random.nextInt(20);
    double[] numbers = new double[offset + (t ? columns : rows) * ld + random.nextInt(5)];
    Arrays.setAll(numbers, i -> (float) (2 * random.nextDouble() - 1));
    return new Matrix(numbers, rows, columns, t, offset, ld);
  }

  int at(int i, int j) {
    return offset + (stored ? j * ld + i : i * ld + j);
  }

  double get(int i, int j) {
    return numbers[at(i, j)];
  }

  float[] floats() {
    return floats(numbers);
  }

  static float[] floats(double[] numbers) {
    float[] x = new float[numbers.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) numbers[i];
    }
    return x;
  }

  static double[] doubles(float[] x) {
    double[] y = new double[x.length];
    Arrays.setAll(y, i -> x[i]);
    return y;
  }

  /** {@return the rows without gaps} */
  double[] packed() {
    double[] all = new double[rows * columns];
    Arrays.setAll(all, i -> get(i / columns, i % columns));
    return all;
  }

  /** {@return the whole array with other numbers in the matrix} */
  double[] with(double[] packed) {
    double[] all = numbers.clone();
    for (int i = 0; i < packed.length; i++) {
      all[at(i / columns, i % columns)] = packed[i];
    }
    return all;
  }

  /** {@return a copy of the array off the heap, from some byte of a segment on} */
  MemorySegment segment(Arena arena, DType dtype, int firstByte) {
    int bytes = dtype.byteSize();
    MemorySegment all =
        arena.allocate((long) numbers.length * bytes + firstByte, 64).asSlice(firstByte);
    if (dtype == DType.F32) {
      MemorySegment.copy(floats(), 0, all, JAVA_FLOAT_UNALIGNED, 0, numbers.length);
    } else {
      MemorySegment.copy(numbers, 0, all, JAVA_DOUBLE_UNALIGNED, 0, numbers.length);
    }
    return all;
  }

  /** {@return the numbers of a segment} */
  static double[] numbers(MemorySegment segment, DType dtype) {
    return dtype == DType.F32
        ? doubles(segment.toArray(JAVA_FLOAT_UNALIGNED))
        : segment.toArray(JAVA_DOUBLE_UNALIGNED);
  }

  @Override
  public String toString() {
    return "[%d, %d] stored %s offset %d ld %d".formatted(rows, columns, stored, offset, ld);
  }
}
