package dev.lanewise.kernel;

import dev.lanewise.array.Shape;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Tuple;

/**
 * Shapes of rank 0 to 5. One axis has a length around the lanes of a vector (0, 1, N−1, N, N+1,
 * 2N+3 for 4, 8 and 16 lanes) or a large one; the others are short.
 */
final class Shapes implements ArbitrarySupplier<Shape> {
  /** 0, 1, and N−1, N, N+1, 2N+3 for N of 4, 8 and 16. */
  static final List<Integer> AROUND_LANES = List.of(0, 1, 3, 4, 5, 11, 7, 8, 9, 19, 15, 16, 17, 35);

  private static final List<Integer> LARGE = List.of(1000, 4097);

  @Override
  public Arbitrary<Shape> get() {
    Arbitrary<Integer> length =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.of(AROUND_LANES)), Tuple.of(1, Arbitraries.of(LARGE)));
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.just(Shape.SCALAR)),
        Tuple.of(4, length.map(Shape::of)),
        Tuple.of(8, length.flatMap(Shapes::around)));
  }

  /** {@return shapes of rank 2 to 5 with one axis of this length} */
  private static Arbitrary<Shape> around(int length) {
    // Two axes may be long in small arrays; large ones stay below some 20,000 elements.
    int most = length >= 1000 ? 3 : 5;
    return Arbitraries.integers()
        .between(1, most)
        .array(int[].class)
        .ofMinSize(1)
        .ofMaxSize(length >= 1000 ? 1 : 4)
        .flatMap(
            others ->
                Arbitraries.integers()
                    .between(0, others.length)
                    .map(axis -> insert(others, axis, length)));
  }

  private static Shape insert(int[] others, int axis, int length) {
    int[] dims = new int[others.length + 1];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = i == axis ? length : others[i < axis ? i : i - 1];
    }
    return Shape.of(dims);
  }
}
