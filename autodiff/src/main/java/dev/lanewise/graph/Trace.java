package dev.lanewise.graph;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.Storage;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.StandIn;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What has been recorded of a function: the calls of kernels, and which buffer is behind which
 * memory. A temporary that is overwritten as a whole becomes a new buffer, so that most buffers are
 * written once.
 */
final class Trace implements Storage.Contents {
  private static final ThreadLocal<Trace> CURRENT = new ThreadLocal<>();
  private static final Expr ZERO = Expr.constant(0);

  private final Backend backend;
  private final List<KernelCall> instructions = new ArrayList<>();
  private final List<HostStep> steps = new ArrayList<>();
  private final Map<Storage, Buffer> buffers = new IdentityHashMap<>();

  /** The memory that is imagined here, with what the program has written into it, or nothing. */
  private final Map<Storage, MemorySegment> imagined = new IdentityHashMap<>();

  private final Set<Storage> cleared = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * What kernels read in the place of an array that a host step fills: its numbers after the step.
   */
  private final Map<double[], double[]> live = new IdentityHashMap<>();

  /** The streams of this trace and of all around and inside of it, which may take them too. */
  private final Map<Long, RandomStream> tickets;

  /** What the function is called by that is recorded here; {@code null} if it is the outermost. */
  private final Trace parent;

  /** Whether this repeats what was recorded before: it changes nothing outside of it again. */
  private final boolean repeats;

  /** What is read of memory that is not this trace's own; of the outermost trace, nothing. */
  private final Map<Storage, Formal> formals = new LinkedHashMap<>();

  /** What stands for what a run is given. */
  private final Set<Storage> params = Collections.newSetFromMap(new IdentityHashMap<>());

  private int count;

  /** Whether a recorded call does something beside computing, so that steps must stay behind it. */
  private boolean acted;

  private boolean over;

  /**
   * Memory of the outside.
   *
   * @param array all of it
   * @param buffer what stands for it here
   */
  private record Formal(NdArray array, Buffer buffer) {}

  Trace(Backend backend) {
    this(backend, null, false);
  }

  /** Starts the recording of a function that another's calls, once or more often. */
  Trace(Backend backend, Trace parent, boolean repeats) {
    this.backend = backend;
    this.parent = parent;
    this.repeats = repeats;
    this.tickets = parent == null ? new LinkedHashMap<>() : parent.tickets;
  }

  /** {@return what the calling thread records; {@code null} if it computes} */
  static Trace current() {
    return CURRENT.get();
  }

  /** Makes this the calling thread's, or {@code null} none. */
  static void current(Trace trace) {
    CURRENT.set(trace);
  }

  /** {@return what work returns, whose calls are recorded here} */
  <T> T within(Supplier<T> work) {
    Trace outer = current();
    current(this);
    try (StandIn _ = StandIn.open(backend, new Recorder(backend, this))) {
      return Generator.redirected(this::ticket, work);
    } finally {
      current(outer);
    }
  }

  Backend backend() {
    return backend;
  }

  /** {@return how many streams of random numbers have been taken here, around and inside} */
  int draws() {
    return tickets.size();
  }

  /** {@return the streams that were taken since there were so many} */
  List<RandomStream> drawnSince(int draws) {
    return tickets.values().stream().skip(draws).toList();
  }

  /** Ends the recording: what is still done with its arrays is an error. */
  void end() {
    over = true;
  }

  /** {@return memory without numbers} */
  Storage imagine(long byteSize) {
    Storage storage = Storage.imagined(backend, byteSize, this);
    imagined.put(storage, null);
    return storage;
  }

  /** {@return an array without numbers that stands for what a run is given} */
  NdArray input(DType dtype, Shape shape) {
    NdArray array = NdArray.over(imagine(shape.size() * dtype.byteSize()), dtype, shape);
    buffers.put(array.storage(), buffer(Buffer.Role.INPUT, dtype, shape.size(), null));
    params.add(array.storage());
    return array;
  }

  private Buffer buffer(Buffer.Role role, DType dtype, long size, NdArray array) {
    return new Buffer(count++, role, dtype, size, array);
  }

  /** Records a call. */
  void add(Op op, NdArray[] outs, NdArray... ins) {
    List<View> read = Arrays.stream(ins).map(in -> in == null ? null : view(in)).toList();
    List<View> written = new ArrayList<>();
    for (NdArray out : outs) {
      written.add(out == null ? null : written(out, op.readsOuts()));
    }
    instructions.add(new KernelCall(op, written, read));
  }

  /**
   * Records a call of functions, whose results are new.
   *
   * @param outside memory that the functions read
   * @param changed those arrays of it that they write
   */
  void add(FlowOp op, NdArray[] outs, NdArray[] ins, List<NdArray> outside, List<NdArray> changed) {
    List<View> both = changed.stream().map(array -> written(array, true)).toList();
    List<View> read = new ArrayList<>();
    Arrays.stream(ins).map(this::view).forEach(read::add);
    outside.stream().map(this::view).forEach(read::add);
    List<View> written = new ArrayList<>();
    for (NdArray out : outs) {
      written.add(written(out, false));
    }
    written.addAll(both);
    instructions.add(new KernelCall(op, written, read));
    acted |= op.acts();
  }

  void add(HostStep step, double[]... scalars) {
    if (isRepeated()) {
      throw new GraphException(
          "gradient: the host step '"
              + step
              + "' is in a function that cond or scan was given, and would happen once more when"
              + " its gradient computes it again; move the step out of the function");
    }
    double[][] copies = new double[scalars.length][];
    for (int i = 0; i < copies.length; i++) {
      copies[i] = scalars[i].clone();
      live.put(scalars[i], copies[i]);
    }
    add(step.keeping(scalars, copies));
  }

  private boolean isRepeated() {
    return repeats || parent != null && parent.isRepeated();
  }

  private void add(HostStep step) {
    if (acted) {
      instructions.add(new KernelCall(new FlowOp.Host(step), List.of(), List.of()));
    } else {
      steps.add(step);
    }
  }

  /** Makes scalars that steps of an inner trace fill live here, too, behind the inner calls. */
  void follow(Trace inner) {
    if (!inner.live.isEmpty()) {
      add(new HostStep("keep scalars", () -> {}), inner.live.keySet().toArray(double[][]::new));
    }
  }

  /** {@return an expression's scalars, live if a host step fills them} */
  Scalars scalars(double... params) {
    double[] copy = null;
    for (Trace t = this; t != null && copy == null; t = t.parent) {
      copy = t.live.get(params);
    }
    return copy == null ? Scalars.fixed(params) : Scalars.live(copy);
  }

  /** {@return a number that stands for the next stream of a generator} */
  long ticket(Generator generator) {
    RandomStream stream = RandomStream.next(generator);
    add(new HostStep("next stream of " + generator, stream::draw));
    long ticket = Long.MIN_VALUE + tickets.size();
    tickets.put(ticket, stream);
    return ticket;
  }

  /** {@return the stream that a number stands for} */
  RandomStream stream(long number) {
    RandomStream drawn = tickets.get(number);
    return drawn == null ? RandomStream.fixed(number) : drawn;
  }

  /** {@return the operand that an array is now} */
  View view(NdArray array) {
    return new View(read(array), array.layout());
  }

  private Buffer read(NdArray array) {
    Storage storage = array.storage();
    Buffer known = buffers.get(storage);
    if (known == null) {
      long size = storage.byteSize() / array.dtype().byteSize();
      known =
          imagined.containsKey(storage)
              ? first(storage, array.dtype(), size)
              : parent != null ? formal(array, size) : captured(array, size);
      buffers.put(storage, known);
    }
    return known;
  }

  private Buffer formal(NdArray array, long size) {
    Storage storage = array.storage();
    if (!isKnown(storage)) {
      storage.segment(); // of an array of another trace, or one that was freed, an error
    }
    Buffer buffer = buffer(Buffer.Role.INPUT, array.dtype(), size, null);
    formals.put(storage, new Formal(NdArray.over(storage, array.dtype(), buffer.row()), buffer));
    return buffer;
  }

  /** {@return whether this trace or one around it imagines a memory} */
  private boolean isKnown(Storage storage) {
    return imagined.containsKey(storage) || parent != null && parent.isKnown(storage);
  }

  /**
   * {@return the same program, given only that memory of the outside which it uses}
   *
   * @param kept takes that memory, in the order of the inputs behind those that runs are given
   */
  Program trimmed(Program program, List<NdArray> kept) {
    Set<Buffer> used = new HashSet<>();
    for (KernelCall call : program.instructions()) {
      call.reads().forEach(view -> used.add(view.buffer()));
      call.writes().forEach(view -> used.add(view.buffer()));
    }
    program.outputs().forEach(view -> used.add(view.buffer()));
    List<View> inputs = new ArrayList<>(program.inputs().subList(0, params.size()));
    for (Formal formal : formals.values()) {
      if (used.contains(formal.buffer)) {
        inputs.add(View.all(formal.buffer));
        kept.add(formal.array);
      }
    }
    return program.given(inputs);
  }

  private Buffer captured(NdArray array, long size) {
    array.storage().segment(); // of an array of another trace, or one that was freed, an error
    return buffer(Buffer.Role.CAPTURED, array.dtype(), size, array);
  }

  /** {@return the buffer of memory that no kernel has written} */
  private Buffer first(Storage storage, DType dtype, long size) {
    MemorySegment image = imagined.get(storage);
    if (image != null) {
      return constant(dtype, size, image);
    }
    Buffer buffer = buffer(Buffer.Role.TEMPORARY, dtype, size, null);
    if (cleared.contains(storage)) {
      zero(buffer);
    }
    return buffer;
  }

  private void zero(Buffer buffer) {
    View all = View.all(buffer);
    if (buffer.dtype().isCompute()) {
      Op fill = new Op.Elementwise(List.of(ZERO), Scalars.NONE);
      instructions.add(KernelCall.of(fill, all));
    } else {
      View zero = View.all(constant(DType.F64, 1, MemorySegment.ofArray(new long[1])));
      View stretched = new View(zero.buffer(), zero.layout().broadcastTo(all.shape()));
      instructions.add(KernelCall.of(new Op.Copy(), all, stretched));
    }
  }

  private Buffer constant(DType dtype, long size, MemorySegment image) {
    NdArray array =
        Scope.outside(() -> NdArray.uninitialized(backend, dtype, Shape.of(Math.toIntExact(size))));
    long bytes = size * dtype.byteSize();
    if (bytes > 0) {
      backend.memory().copyIn(image.asSlice(0, bytes), array.storage().segment());
    }
    return buffer(Buffer.Role.CONSTANT, dtype, size, array);
  }

  /** {@return the operand that an array becomes by being written} */
  private View written(NdArray array, boolean readsOuts) {
    Storage storage = array.storage();
    Buffer before = buffers.get(storage);
    boolean own = imagined.containsKey(storage);
    if (parent != null && params.contains(storage)) {
      throw new GraphException(
          "trace: a function that cond, loop or scan calls writes into what it is given, "
              + array.dtype()
              + " "
              + array.shape()
              + "; copy() it first, and return the copy");
    }
    if (!own && repeats) {
      return new View(own(array), array.layout());
    }
    if (!own || before != null && before.is(Buffer.Role.INPUT)) {
      return view(array);
    }
    long size = storage.byteSize() / array.dtype().byteSize();
    boolean whole =
        array.layout().isContiguous() && array.layout().offset() == 0 && array.size() == size;
    if (whole && !readsOuts) {
      Buffer fresh = buffer(Buffer.Role.TEMPORARY, array.dtype(), size, null);
      buffers.put(storage, fresh);
      return new View(fresh, array.layout());
    }
    View view = view(array);
    if (view.buffer().is(Buffer.Role.CONSTANT)) {
      return new View(own(array), array.layout());
    }
    return view;
  }

  /** {@return a temporary that takes the place of memory that can not be written} */
  private Buffer own(NdArray array) {
    Buffer now = read(array);
    if (now.is(Buffer.Role.TEMPORARY)) {
      return now;
    }
    Buffer copy = buffer(Buffer.Role.TEMPORARY, now.dtype(), now.size(), null);
    instructions.add(KernelCall.of(new Op.Copy(), View.all(copy), View.all(now)));
    buffers.put(array.storage(), copy);
    return copy;
  }

  @Override
  public void write(Storage storage, long offset, MemorySegment from) {
    requireOpen(storage);
    requireInnermost();
    Buffer buffer = buffers.get(storage);
    if (buffer == null) {
      MemorySegment image =
          imagined.computeIfAbsent(
              storage, s -> MemorySegment.ofArray(new long[words(s.byteSize())]));
      MemorySegment.copy(from, 0, image, offset, from.byteSize());
      return;
    }
    DType dtype = buffer.dtype();
    int count = Math.toIntExact(from.byteSize() / dtype.byteSize());
    MemorySegment image = MemorySegment.ofArray(new long[words(from.byteSize())]);
    MemorySegment.copy(from, 0, image, 0, from.byteSize());
    NdArray whole = NdArray.over(storage, dtype, buffer.row());
    int first = Math.toIntExact(offset / dtype.byteSize());
    View target = written(whole.slice(0, first, first + count), false);
    instructions.add(KernelCall.of(new Op.Copy(), target, View.all(constant(dtype, count, image))));
  }

  private static int words(long bytes) {
    return Math.toIntExact((bytes + Long.BYTES - 1) / Long.BYTES);
  }

  @Override
  public void clear(Storage storage) {
    requireOpen(storage);
    requireInnermost();
    Buffer buffer = buffers.get(storage);
    if (buffer == null) {
      imagined.put(storage, null);
      cleared.add(storage);
    } else {
      zero(buffer);
    }
  }

  private void requireInnermost() {
    if (current() != null && current() != this) {
      throw new GraphException(
          "trace: a function that cond, loop or scan calls writes numbers of Java into a tensor"
              + " that was made outside of it; make a tensor of them, and write that with assign");
    }
  }

  private void requireOpen(Storage storage) {
    if (over) {
      throw unknown(storage);
    }
  }

  @Override
  public RuntimeException unknown(Storage storage) {
    return new GraphException(
        over
            ? "graph: a tensor was made while a function was traced and has no numbers; return it"
                + " from the function, and use what a run returns"
            : "trace: the numbers of a tensor that is computed in the function are not known while"
                + " it is traced, so that nothing in Java can depend on them; choose with"
                + " Tensor.where, and read what a run returns");
  }

  /** {@return all that was recorded} */
  Program program(List<NdArray> inputs, List<NdArray> outputs) {
    List<View> given =
        inputs.stream()
            .map(input -> new View(buffers.get(input.storage()), input.layout()))
            .toList();
    List<View> results = outputs.stream().map(this::view).toList();
    List<View> all = new ArrayList<>(given);
    formals.values().forEach(formal -> all.add(View.all(formal.buffer)));
    return new Program(backend, all, instructions, results, steps, count);
  }
}
