package dev.lanewise.graph;

import static dev.lanewise.graph.SpecCodec.object;

import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.io.Json;
import dev.lanewise.io.Safetensors;
import dev.lanewise.kernel.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Graphs in files: a safetensors file of what was captured and of constants, with the calls as JSON
 * in its metadata. What was traced is stored, not what passes made of it for one backend. Reading
 * records the calls once more, so that each is checked as in a program.
 */
final class GraphFile {
  /** Where in the metadata the calls are. */
  static final String KEY = "lanewise.graph";

  private static final int VERSION = 1;

  private final Backend backend;
  private final Fields text;
  private final Map<String, NdArray> stored;

  private GraphFile(Backend backend, Fields text, Map<String, NdArray> stored) {
    this.backend = backend;
    this.text = text;
    this.stored = stored;
  }

  // ---- Writing ----

  static void save(Graph graph, Path file) throws IOException {
    Program program = new DeadCode().apply(graph.traced());
    requireInference(program);
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    Map<String, Object> temporaries = new LinkedHashMap<>();
    for (KernelCall call : program.instructions()) {
      call.reads().forEach(view -> note(view.buffer(), arrays, temporaries));
      call.writes().forEach(view -> note(view.buffer(), arrays, temporaries));
    }
    program.outputs().forEach(view -> note(view.buffer(), arrays, temporaries));
    String text =
        Json.write(
            object(
                "version", VERSION,
                "inputs", program.inputs().stream().map(GraphFile::input).toList(),
                "temporaries", temporaries,
                "calls", program.instructions().stream().map(GraphFile::call).toList(),
                "outputs", views(program.outputs())));
    new Safetensors(arrays, Map.of(KEY, text)).write(file);
  }

  private static void requireInference(Program program) {
    if (!program.steps().isEmpty()) {
      throw new GraphException(
          "save: the function has the host step '"
              + program.steps().getFirst()
              + "', which a file can not hold; trace it without random numbers and optimizers, a"
              + " model with training off");
    }
    for (KernelCall call : program.instructions()) {
      for (View out : call.writes()) {
        if (!out.buffer().is(Buffer.Role.TEMPORARY)) {
          throw new GraphException(
              "save: the function writes into "
                  + (out.buffer().is(Buffer.Role.INPUT) ? "an input" : "a captured tensor")
                  + " of shape "
                  + out.shape()
                  + "; a file is for inference, so return the new numbers instead, and trace a"
                  + " model with training off");
        }
      }
    }
  }

  private static void note(
      Buffer buffer, Map<String, NdArray> arrays, Map<String, Object> temporaries) {
    switch (buffer.role()) {
      case INPUT -> {}
      case TEMPORARY -> temporaries.put(buffer.toString(), List.of(type(buffer), buffer.size()));
      case CAPTURED, CONSTANT ->
          arrays.computeIfAbsent(
              buffer.toString(),
              _ -> inMainMemory(buffer.array().view(Layout.contiguous(buffer.row()))));
    }
  }

  private static NdArray inMainMemory(NdArray array) {
    if (array.device().memory().isHost()) {
      return array;
    }
    NdArray copy = NdArray.uninitialized(Device.HOST, array.dtype(), array.shape());
    ((Backend) array.device()).copy(array, copy);
    return copy;
  }

  private static String type(Buffer buffer) {
    return buffer.dtype().name().toLowerCase(Locale.ROOT);
  }

  private static Object input(View input) {
    return object(
        "name", input.buffer().toString(),
        "dtype", type(input.buffer()),
        "shape", SpecCodec.shape(input.shape()));
  }

  private static Object call(KernelCall call) {
    Map<String, Object> all = new LinkedHashMap<>(OpCodec.write(call.op()));
    all.put("outs", views(call.outs()));
    all.put("ins", views(call.ins()));
    return all;
  }

  private static List<Object> views(List<View> views) {
    List<Object> all = new ArrayList<>();
    for (View view : views) {
      all.add(view == null ? null : view(view));
    }
    return all;
  }

  private static Object view(View view) {
    List<Object> strides = new ArrayList<>();
    for (int axis = 0; axis < view.shape().rank(); axis++) {
      strides.add(view.layout().stride(axis));
    }
    return object(
        "of", view.buffer().toString(),
        "shape", SpecCodec.shape(view.shape()),
        "strides", strides,
        "offset", view.layout().offset());
  }

  // ---- Reading ----

  static Graph load(Path file, Backend backend) throws IOException {
    try {
      return Scope.outside(() -> read(file, backend));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Graph read(Path file, Backend backend) {
    Device device = backend.memory().isHost() ? backend : Device.HOST;
    try {
      Safetensors all = Safetensors.read(device, file);
      String text = all.metadata().get(KEY);
      if (text == null) {
        throw new FileFormatException(
            file.toString(),
            "its metadata",
            "the calls of a graph under '" + KEY + "', as Graph.save writes them",
            all.metadata().keySet().toString());
      }
      Fields fields = new Fields(file.toString(), KEY, Json.parse(text));
      fields.get("version").whole(VERSION, VERSION);
      return new GraphFile(backend, fields, all.arrays()).graph();
    } catch (Json.SyntaxException e) {
      throw new UncheckedIOException(
          new FileFormatException(
              file.toString(), KEY + ", character " + e.at(), e.expected(), "something else", e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Graph graph() {
    List<Example> examples = new ArrayList<>();
    for (Fields input : text.get("inputs").list()) {
      Shape shape = shape(input.get("shape"));
      examples.add(new Example(dtype(input.get("dtype")), shape, false));
    }
    Source.Function function =
        (ins, recorded) -> {
          if (recorded) {
            throw new GraphException(
                "gradient: the graph was loaded from "
                    + text.file()
                    + ", which has no way back; differentiate the graph before it is saved, and"
                    + " save the gradient's");
          }
          return record(ins);
        };
    return Graph.trace(new Source(function, backend, examples), Pass.DEFAULT);
  }

  private List<Tensor> record(List<Tensor> ins) {
    Backend recorder = new Recorder(backend, Trace.current());
    Map<String, NdArray> arrays = new HashMap<>();
    stored.forEach((name, array) -> arrays.put(name, placed(name, array)));
    List<Fields> inputs = text.get("inputs").list();
    for (int i = 0; i < ins.size(); i++) {
      put(arrays, inputs.get(i).get("name"), inputs.get(i).get("name").text(), ins.get(i).data());
    }
    Set<String> unwritten = new HashSet<>();
    Fields temporaries = text.get("temporaries");
    if (!(temporaries.value() instanceof Map<?, ?> map)) {
      throw temporaries.wrong("an object", temporaries.value(), null);
    }
    for (Object name : map.keySet()) {
      List<Fields> of = temporaries.get((String) name).list(2, 2);
      Shape row = Shape.of((int) of.get(1).whole(0, Integer.MAX_VALUE));
      put(arrays, temporaries, (String) name, recorder.uninitialized(dtype(of.get(0)), row));
      unwritten.add((String) name);
    }
    for (Fields call : text.get("calls").list()) {
      record(recorder, call, arrays, map.keySet(), unwritten);
    }
    List<Tensor> results = new ArrayList<>();
    for (Fields output : text.get("outputs").list()) {
      results.add(Tensor.of(written(output, arrays, unwritten)));
    }
    return results;
  }

  /** {@return an array of the file where the graph finds it: constants are a part of the trace} */
  private NdArray placed(String name, NdArray array) {
    if (name.startsWith("c") && array.device().memory().isHost()) {
      Trace trace = Trace.current();
      NdArray constant =
          NdArray.over(trace.imagine(array.storage().byteSize()), array.dtype(), array.shape());
      trace.write(constant.storage(), 0, array.storage().segment());
      return constant;
    }
    if (array.device() == backend) {
      return array;
    }
    NdArray own = NdArray.uninitialized(backend, array.dtype(), array.shape());
    backend.copy(array, own);
    return own;
  }

  private static void put(Map<String, NdArray> arrays, Fields place, String name, NdArray array) {
    if (arrays.putIfAbsent(name, array) != null) {
      throw place.wrong("each buffer once", name, null);
    }
  }

  private void record(
      Backend recorder,
      Fields call,
      Map<String, NdArray> arrays,
      Set<?> temporaries,
      Set<String> unwritten) {
    Op op = OpCodec.read(call);
    List<Fields> given = call.get("ins").list();
    List<Fields> places = call.get("outs").list();
    NdArray[] ins = new NdArray[given.size()];
    for (int i = 0; i < ins.length; i++) {
      Fields in = given.get(i);
      ins[i] = in.isNull() ? null : written(in, arrays, unwritten);
    }
    NdArray[] outs = new NdArray[places.size()];
    for (int i = 0; i < outs.length; i++) {
      Fields out = places.get(i);
      if (out.isNull()) {
        continue;
      }
      String name = out.get("of").text();
      if (!temporaries.contains(name)) {
        throw out.wrong("a temporary, as nothing else is written", name, null);
      }
      outs[i] = op.readsOuts() ? written(out, arrays, unwritten) : view(out, arrays);
      unwritten.remove(name);
    }
    try {
      op.bind(recorder, outs, ins).run();
    } catch (RuntimeException e) {
      // Whatever rule of the contract the call breaks, or array that it lacks: the file is wrong.
      throw call.wrong("a call that its operation takes: " + e.getMessage(), op, e);
    }
  }

  private static NdArray written(Fields view, Map<String, NdArray> arrays, Set<String> unwritten) {
    String name = view.get("of").text();
    if (unwritten.contains(name)) {
      throw view.wrong("a buffer that an earlier call writes", name, null);
    }
    return view(view, arrays);
  }

  private static NdArray view(Fields view, Map<String, NdArray> arrays) {
    String name = view.get("of").text();
    NdArray array = arrays.get(name);
    if (array == null) {
      throw view.wrong("a buffer that there is", name, null);
    }
    long[] strides =
        view.get("strides").list().stream().mapToLong(s -> s.whole(0, Long.MAX_VALUE)).toArray();
    long offset = view.get("offset").whole(0, Long.MAX_VALUE);
    try {
      return array.view(Layout.of(SpecCodec.shape(view.get("shape")), strides, offset));
    } catch (IllegalArgumentException e) {
      throw view.wrong("a view inside of its buffer: " + e.getMessage(), name, e);
    }
  }

  private static Shape shape(Fields from) {
    try {
      return SpecCodec.shape(from);
    } catch (IllegalArgumentException e) {
      throw from.wrong("a shape", from.value(), e);
    }
  }

  private static DType dtype(Fields from) {
    for (DType dtype : DType.values()) {
      if (dtype.name().toLowerCase(Locale.ROOT).equals(from.value())) {
        return dtype;
      }
    }
    throw from.wrong("a type that this version knows", from.value(), null);
  }
}
