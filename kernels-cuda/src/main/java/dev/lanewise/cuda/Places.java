package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where the threads of a kernel find the elements of arrays that it walks through together, a
 * thread for each index of one shape. Axes that lie in memory like one are merged, so that most
 * walks have one or two; what is left, extents and strides, are arguments of the kernel, and only
 * their number is part of its text.
 *
 * {@snippet :
 * Places places = Places.over(dims, Places.Path.of("x", x), Places.Path.of("out", out));
 * places.form().parameters();   // N size, N extent1, long long x0, long long x1, long long out0, …
 * places.form().places();       // from "N i": long long xAt = …; long long outAt = …;
 * }
 */
final class Places {
  private final Form form;
  private final Walk walk;

  private Places(Form form, Walk walk) {
    this.form = form;
    this.walk = walk;
  }

  /**
   * The way through one array.
   *
   * @param name what its places are called in a kernel
   * @param strides the distance of neighbours along each axis, in elements
   */
  record Path(String name, long[] strides) {
    /** {@return the way through an array of the walk's rank} */
    static Path of(String name, NdArray array) {
      long[] strides = new long[array.shape().rank()];
      for (int axis = 0; axis < strides.length; axis++) {
        strides[axis] = array.layout().stride(axis);
      }
      return new Path(name, strides);
    }

    /** {@return the way through an array that has all axes of the walk but one} */
    static Path without(int axis, String name, NdArray array) {
      long[] strides = new long[array.shape().rank() + 1];
      for (int i = 0; i < strides.length; i++) {
        strides[i] = i == axis ? 0 : array.layout().stride(i < axis ? i : i - 1);
      }
      return new Path(name, strides);
    }

    /** {@return the way along one axis alone} */
    static Path along(int axis, int rank, String name, long stride) {
      return new Path(name, new long[rank]).with(axis, stride);
    }

    /** {@return the way through rows that lie one behind the other, in row-major order} */
    static Path ofRows(int[] dims, int axis, String name, long length) {
      long[] strides = new long[dims.length];
      long stride = length;
      for (int i = dims.length - 1; i >= 0; i--) {
        if (i != axis) {
          strides[i] = stride;
          stride *= dims[i];
        }
      }
      return new Path(name, strides);
    }

    /** {@return the same with another distance along an axis} */
    Path with(int axis, long stride) {
      long[] other = strides.clone();
      other[axis] = stride;
      return new Path(name, other);
    }
  }

  /**
   * What a kernel's text depends on.
   *
   * @param rank the number of axes, at least 1
   * @param isNarrow whether 32 bits hold all indices
   * @param names what the arrays are called
   */
  record Form(int rank, boolean isNarrow, List<String> names) {
    /** {@return the type {@code N} of indices} */
    String indexType() {
      return Places.indexType(isNarrow);
    }

    /** {@return the parameters of the kernel that {@link Places#addTo} gives the values of} */
    String parameters() {
      return "N size"
          + IntStream.range(1, rank)
              .mapToObj(axis -> ", N extent" + axis)
              .collect(Collectors.joining())
          + names.stream().map(this::strides).collect(Collectors.joining());
    }

    private String strides(String name) {
      return IntStream.range(0, rank)
          .mapToObj(axis -> ", long long " + name + axis)
          .collect(Collectors.joining());
    }

    /** {@return statements that find the places in the arrays of {@code N i}} */
    String places() {
      StringBuilder text = new StringBuilder("N along0 = i;\n");
      for (int axis = rank - 1; axis > 0; axis--) {
        text.append("N along%d = along0 %% extent%d;\n".formatted(axis, axis));
        text.append("along0 = along0 / extent%d;\n".formatted(axis));
      }
      for (String name : names) {
        text.append("long long ").append(name).append("At = ");
        text.append(
            IntStream.range(0, rank)
                .mapToObj(axis -> "(long long) along%d * %s%d".formatted(axis, name, axis))
                .collect(Collectors.joining(" + ")));
        text.append(";\n");
      }
      return text.toString();
    }
  }

  /**
   * {@return whether the index arithmetic of a walk is done in 32 bits, which divides far faster}
   *
   * @param size the number of indices
   */
  static boolean isNarrow(long size) {
    return size <= Integer.MAX_VALUE;
  }

  /** {@return the type {@code N} of indices} */
  static String indexType(boolean isNarrow) {
    return isNarrow ? "unsigned int" : "long long";
  }

  /** Gives a launch an index or extent as an {@code N}. */
  static void addIndex(Arguments arguments, boolean isNarrow, long index) {
    if (isNarrow) {
      arguments.int32((int) index);
    } else {
      arguments.int64(index);
    }
  }

  /**
   * {@return a walk in row-major order}
   *
   * @param dims the extents
   * @param paths the arrays
   */
  static Places over(int[] dims, Path... paths) {
    return merged(dims, IntStream.range(0, dims.length).toArray(), paths);
  }

  /**
   * {@return a walk in the order of an array's memory, so that neighbouring threads touch
   * neighbouring elements of it}
   *
   * @param guide the array, of the walk's rank
   * @param dims the extents
   * @param paths the arrays
   */
  static Places inOrderOf(NdArray guide, int[] dims, Path... paths) {
    int[] order =
        IntStream.range(0, dims.length)
            .boxed()
            .sorted(
                (a, b) ->
                    Long.compare(
                        Math.abs(guide.layout().stride(b)), Math.abs(guide.layout().stride(a))))
            .mapToInt(Integer::intValue)
            .toArray();
    return merged(dims, order, paths);
  }

  private static Places merged(int[] dims, int[] order, Path[] paths) {
    int[] axes = IntStream.of(order).filter(axis -> dims[axis] != 1).toArray();
    // One axis at least, as text without any would be of another form.
    int rank = Math.max(1, axes.length);
    long[] extents = new long[rank];
    long[][] strides = new long[paths.length][rank];
    extents[0] = 1;
    for (int i = 0; i < axes.length; i++) {
      extents[i] = dims[axes[i]];
      for (int p = 0; p < paths.length; p++) {
        strides[p][i] = paths[p].strides[axes[i]];
      }
    }
    Walk walk = Walk.merged(extents, strides);
    List<String> names = Arrays.stream(paths).map(Path::name).toList();
    return new Places(new Form(walk.rank(), isNarrow(walk.size()), names), walk);
  }

  /** {@return what a kernel's text depends on} */
  Form form() {
    return form;
  }

  /** {@return the number of indices} */
  long size() {
    return walk.size();
  }

  /** {@return the arguments, and behind them the values of {@link Form#parameters}} */
  Arguments addTo(Arguments arguments) {
    addIndex(arguments, form.isNarrow, size());
    for (int axis = 1; axis < form.rank; axis++) {
      addIndex(arguments, form.isNarrow, walk.dims()[axis]);
    }
    for (long[] ofArray : walk.strides()) {
      for (int axis = 0; axis < form.rank; axis++) {
        arguments.int64(ofArray[axis]);
      }
    }
    return arguments;
  }
}
