package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.Window;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The part of a pooling kernel's text that is about geometry, and the values of its parameters.
 * Kernels know three spatial axes; where there are fewer, the first ones have one element and a
 * window of one.
 */
final class PoolArguments {
  private static final int AXES = 3;
  private static final String[] OF_AXIS = {
    "in", "out", "kernel", "stride", "pad", "padHigh", "dilation"
  };

  private PoolArguments() {}

  private static String ofAxis(String before, String after) {
    return IntStream.range(0, OF_AXIS.length)
        .mapToObj(i -> before + OF_AXIS[i] + after)
        .collect(Collectors.joining(", "));
  }

  /** {@return the text, with the windows' functions and parameters in it} */
  static KernelText windows(KernelText text, boolean slides) {
    text.put("windows", KernelText.piece("windows"))
        .put("kind", KernelText.piece(slides ? "windows_sliding" : "windows_adaptive"))
        .put("window", ofAxis("int ", ""))
        .put("these", ofAxis("", ""))
        .put("outputs", places("out", "o"))
        .put("inputs", places("in", "at"))
        .put(
            "geometry",
            IntStream.range(0, AXES)
                .mapToObj(axis -> ofAxis("int ", String.valueOf(axis)))
                .collect(Collectors.joining(", ")));
    for (int axis = 0; axis < AXES; axis++) {
      text.put("axis" + axis, ofAxis("", String.valueOf(axis)));
    }
    return text;
  }

  /** {@return statements that find an element's index of {@code N i}, in row-major order} */
  private static String places(String extents, String names) {
    StringBuilder text = new StringBuilder("N rest = i;\n");
    for (int axis = AXES - 1; axis >= 0; axis--) {
      text.append("int %s%d = (int) (rest %% (N) %s%d);\n".formatted(names, axis, extents, axis));
      text.append("rest = rest / (N) %s%d;\n".formatted(extents, axis));
    }
    return text.append("long long c = (long long) (rest % (N) channels);\n")
        .append("long long n = (long long) (rest / (N) channels);\n")
        .toString();
  }

  /** {@return the text, with parameters for an array's strides in it} */
  static KernelText strides(KernelText text, String array) {
    return text.put(
        "stridesOf" + array.substring(0, 1).toUpperCase(Locale.ROOT) + array.substring(1),
        "long long %1$sN, long long %1$sC, long long %1$s0, long long %1$s1, long long %1$s2"
            .formatted(array));
  }

  /** Adds the values of the parameters of {@link #strides}. */
  static void addStrides(Arguments arguments, NdArray array) {
    int spatial = array.shape().rank() - 2;
    arguments.int64(array.layout().stride(0)).int64(array.layout().stride(1));
    for (int axis = spatial - AXES; axis < spatial; axis++) {
      arguments.int64(axis < 0 ? 0 : array.layout().stride(axis + 2));
    }
  }

  /** Adds the number of channels and the values of the parameters that {@code $geometry} is. */
  static void addGeometry(Arguments arguments, PoolSpec spec) {
    arguments.int64(spec.input().dim(1));
    Window window = spec.window().orElse(null);
    for (int axis = spec.spatialRank() - AXES; axis < spec.spatialRank(); axis++) {
      boolean isReal = axis >= 0;
      boolean slides = isReal && window != null;
      arguments.int32(isReal ? spec.input().dim(axis + 2) : 1);
      arguments.int32(isReal ? spec.output().dim(axis + 2) : 1);
      arguments.int32(slides ? window.kernel(axis) : 1);
      arguments.int32(slides ? window.stride(axis) : 1);
      arguments.int32(slides ? window.padLow(axis) : 0);
      arguments.int32(slides ? window.padHigh(axis) : 0);
      arguments.int32(slides ? window.dilation(axis) : 1);
    }
  }
}
