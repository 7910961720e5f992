package dev.lanewise.graph;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.Storage;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Expr;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  private final Map<Long, RandomStream> tickets = new HashMap<>();
  private int count;
  private boolean over;

  Trace(Backend backend) {
    this.backend = backend;
  }

  /** {@return what the calling thread records; {@code null} if it computes} */
  static Trace current() {
    return CURRENT.get();
  }

  /** Makes this the calling thread's, or {@code null} none. */
  static void current(Trace trace) {
    CURRENT.set(trace);
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

  void add(HostStep step, double[]... scalars) {
    double[][] copies = new double[scalars.length][];
    for (int i = 0; i < copies.length; i++) {
      copies[i] = scalars[i].clone();
      live.put(scalars[i], copies[i]);
    }
    steps.add(step.keeping(scalars, copies));
  }

  /** {@return an expression's scalars, live if a host step fills them} */
  Scalars scalars(double... params) {
    double[] copy = live.get(params);
    return copy == null ? Scalars.fixed(params) : Scalars.live(copy);
  }

  /** {@return a number that stands for the next stream of a generator} */
  long ticket(Generator generator) {
    RandomStream stream = RandomStream.next(generator);
    steps.add(new HostStep("next stream of " + generator, stream::draw));
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
              : captured(array, size);
      buffers.put(storage, known);
    }
    return known;
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
      Buffer copy = buffer(Buffer.Role.TEMPORARY, array.dtype(), size, null);
      instructions.add(KernelCall.of(new Op.Copy(), View.all(copy), View.all(view.buffer())));
      buffers.put(storage, copy);
      return new View(copy, array.layout());
    }
    return view;
  }

  @Override
  public void write(Storage storage, long offset, MemorySegment from) {
    requireOpen(storage);
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
    Buffer buffer = buffers.get(storage);
    if (buffer == null) {
      imagined.put(storage, null);
      cleared.add(storage);
    } else {
      zero(buffer);
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
    return new Program(backend, given, instructions, results, steps, count);
  }
}
