package dev.lanewise.graph;

import dev.lanewise.array.Shape;
import dev.lanewise.kernel.AttentionSpec;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.NormSpec;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * What operations are given beside arrays, in files: an object with one field, whose name says what
 * it is. {@link #ALL} is the list of what there is.
 *
 * @param name the field
 * @param type whose values it is for
 * @param writer gives what is written
 * @param reader makes a value of it, or throws an exception if there is none
 */
record SpecCodec<T>(
    String name, Class<T> type, Function<T, Object> writer, Function<Fields, T> reader) {

  private static final List<SpecCodec<?>> ALL =
      List.of(
          new SpecCodec<>("integer", Integer.class, value -> value, Fields::integer),
          new SpecCodec<>("flag", Boolean.class, value -> value, Fields::flag),
          new SpecCodec<>(
              "reduce", ReduceOp.class, ReduceOp::name, from -> from.constant(ReduceOp.class)),
          new SpecCodec<>("conv", ConvSpec.class, SpecCodec::conv, SpecCodec::conv),
          new SpecCodec<>("pool", PoolSpec.class, SpecCodec::pool, SpecCodec::pool),
          new SpecCodec<>("norm", NormSpec.class, SpecCodec::norm, SpecCodec::norm),
          new SpecCodec<>(
              "attention", AttentionSpec.class, SpecCodec::attention, SpecCodec::attention),
          new SpecCodec<>(
              "crossEntropy",
              CrossEntropySpec.class,
              SpecCodec::crossEntropy,
              SpecCodec::crossEntropy));

  /** {@return a value for a file} */
  static Object write(Object value) {
    for (SpecCodec<?> codec : ALL) {
      if (codec.type.isInstance(value)) {
        return Map.of(codec.name, codec.written(value));
      }
    }
    throw new AssertionError("no codec for " + value.getClass());
  }

  private Object written(Object value) {
    return writer.apply(type.cast(value));
  }

  /** {@return a value of a file} */
  static Object read(Fields from) {
    for (SpecCodec<?> codec : ALL) {
      if (from.value() instanceof Map<?, ?> map && map.containsKey(codec.name)) {
        Fields field = from.get(codec.name);
        try {
          return codec.reader.apply(field);
        } catch (IllegalArgumentException | ArithmeticException e) {
          throw field.wrong("a " + codec.name + " whose parts fit together", field.value(), e);
        }
      }
    }
    throw from.wrong(
        "an object with one of " + ALL.stream().map(SpecCodec::name).toList(), from.value(), null);
  }

  // ---- Shapes and numbers ----

  static List<Object> ints(int... numbers) {
    return new ArrayList<>(Arrays.stream(numbers).boxed().toList());
  }

  static Object shape(Shape shape) {
    return ints(shape.dims());
  }

  static Shape shape(Fields from) {
    return Shape.of(from.integers());
  }

  /** {@return named values, in order} */
  static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return object;
  }

  // ---- Windows, convolutions, pools ----

  private static Object window(Window window) {
    List<Object> axes = new ArrayList<>();
    for (int axis = 0; axis < window.rank(); axis++) {
      axes.add(
          ints(
              window.kernel(axis),
              window.stride(axis),
              window.padLow(axis),
              window.padHigh(axis),
              window.dilation(axis)));
    }
    return axes;
  }

  private static Window window(Fields from) {
    List<Fields> axes = from.list(1, 3);
    int[][] of = new int[5][axes.size()];
    for (int axis = 0; axis < axes.size(); axis++) {
      List<Fields> numbers = axes.get(axis).list(5, 5);
      for (int i = 0; i < of.length; i++) {
        of[i][axis] = numbers.get(i).integer();
      }
    }
    return Window.of(of[0]).withStride(of[1]).withPadding(of[2], of[3]).withDilation(of[4]);
  }

  private static Object conv(ConvSpec spec) {
    return object(
        "input", shape(spec.input()),
        "filter", shape(spec.filter()),
        "window", window(spec.window()),
        "groups", spec.groups());
  }

  private static ConvSpec conv(Fields from) {
    return ConvSpec.of(
        shape(from.get("input")),
        shape(from.get("filter")),
        window(from.get("window")),
        from.get("groups").integer());
  }

  private static Object pool(PoolSpec spec) {
    return object(
        "input", shape(spec.input()),
        "output", shape(spec.output()),
        "window", spec.window().map(SpecCodec::window).orElse(null));
  }

  /** The extents of the output say whether a last window is cut off. */
  private static PoolSpec pool(Fields from) {
    Shape input = shape(from.get("input"));
    Shape output = shape(from.get("output"));
    int[] dims = output.dims();
    PoolSpec spec;
    if (from.get("window").isNull()) {
      spec =
          PoolSpec.adaptive(input, Arrays.copyOfRange(dims, Math.min(2, dims.length), dims.length));
    } else {
      Window window = window(from.get("window"));
      spec = PoolSpec.of(input, window);
      if (!spec.output().equals(output)) {
        spec = PoolSpec.of(input, window, true);
      }
    }
    if (!spec.output().equals(output)) {
      throw from.wrong("an output of shape " + spec.output(), output, null);
    }
    return spec;
  }

  // ---- Rows ----

  private static Object norm(NormSpec spec) {
    return object(
        "shape", shape(spec.shape()),
        "view", shape(spec.view()),
        "axes", ints(spec.momentAxes()),
        "weights", shape(spec.weights()),
        "weightView", shape(spec.weightView()),
        "centered", spec.centered(),
        "eps", Fields.number(spec.eps()));
  }

  private static NormSpec norm(Fields from) {
    NormSpec spec =
        new NormSpec(
            shape(from.get("shape")),
            shape(from.get("view")),
            from.get("axes").integers(),
            shape(from.get("weights")),
            shape(from.get("weightView")),
            from.get("centered").flag(),
            from.get("eps").number());
    int rank = spec.view().rank();
    boolean fits =
        spec.view().size() == spec.shape().size()
            && spec.weightView().size() == spec.weights().size()
            && Shape.broadcast("norm", spec.view(), spec.weightView()).equals(spec.view())
            && Arrays.stream(spec.momentAxes()).distinct().count() == spec.momentAxes().length
            && Arrays.stream(spec.momentAxes()).allMatch(axis -> axis >= 0 && axis < rank);
    if (!fits) {
      throw from.wrong("views of the shapes, and axes of the view", from.value(), null);
    }
    return spec;
  }

  private static Object attention(AttentionSpec spec) {
    return object(
        "queries", shape(spec.queries()),
        "keys", shape(spec.keys()),
        "values", shape(spec.values()),
        "scale", spec.scale(),
        "causal", spec.isCausal());
  }

  private static AttentionSpec attention(Fields from) {
    return new AttentionSpec(
        shape(from.get("queries")),
        shape(from.get("keys")),
        shape(from.get("values")),
        from.get("scale").number(),
        from.get("causal").flag());
  }

  private static Object crossEntropy(CrossEntropySpec spec) {
    return object(
        "logits", shape(spec.logits()),
        "axis", spec.axis(),
        "labelSmoothing", spec.labelSmoothing(),
        "ignored", spec.ignored().isPresent() ? spec.ignored().getAsLong() : null);
  }

  private static CrossEntropySpec crossEntropy(Fields from) {
    Fields ignored = from.get("ignored");
    return new CrossEntropySpec(
        shape(from.get("logits")),
        from.get("axis").integer(),
        from.get("labelSmoothing").number(),
        ignored.isNull()
            ? OptionalLong.empty()
            : OptionalLong.of(ignored.whole(Long.MIN_VALUE, Long.MAX_VALUE)));
  }
}
