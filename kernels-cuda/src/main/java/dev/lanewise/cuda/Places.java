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
  /** Up to this size, index arithmetic is done in 32 bits, which divides far faster. */
  private static final long NARROW = Integer.MAX_VALUE;

  private final Form form;
  private final long size;
  private final long[] extents;
  private final long[][] strides;

  private Places(Form form, long size, long[] extents, long[][] strides) {
    this.form = form;
    this.size = size;
    this.extents = extents;
    this.strides = strides;
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
      return isNarrow ? "unsigned int" : "long long";
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
    long size = 1;
    int rank = 0;
    long[] extents = new long[Math.max(1, dims.length)];
    long[][] strides = new long[paths.length][extents.length];
    extents[0] = 1;
    for (int axis : order) {
      size *= dims[axis];
      if (dims[axis] == 1) {
        continue;
      }
      boolean merges = rank > 0;
      for (int p = 0; merges && p < paths.length; p++) {
        merges = strides[p][rank - 1] == paths[p].strides[axis] * dims[axis];
      }
      rank += merges ? 0 : 1;
      extents[rank - 1] = merges ? extents[rank - 1] * dims[axis] : dims[axis];
      for (int p = 0; p < paths.length; p++) {
        strides[p][rank - 1] = paths[p].strides[axis];
      }
    }
    List<String> names = Arrays.stream(paths).map(Path::name).toList();
    return new Places(new Form(Math.max(1, rank), size <= NARROW, names), size, extents, strides);
  }

  /** {@return what a kernel's text depends on} */
  Form form() {
    return form;
  }

  /** {@return the number of indices} */
  long size() {
    return size;
  }

  /** {@return the arguments, and behind them the values of {@link Form#parameters}} */
  Arguments addTo(Arguments arguments) {
    add(arguments, size);
    for (int axis = 1; axis < form.rank; axis++) {
      add(arguments, extents[axis]);
    }
    for (long[] ofArray : strides) {
      for (int axis = 0; axis < form.rank; axis++) {
        arguments.int64(ofArray[axis]);
      }
    }
    return arguments;
  }

  private void add(Arguments arguments, long index) {
    if (form.isNarrow) {
      arguments.int32((int) index);
    } else {
      arguments.int64(index);
    }
  }
}
