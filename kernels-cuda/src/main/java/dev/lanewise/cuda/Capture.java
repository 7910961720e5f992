package dev.lanewise.cuda;

import dev.lanewise.array.Memory;
import dev.lanewise.array.Pool;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Storage;
import dev.lanewise.bindings.cuda.Cudart;
import dev.lanewise.bindings.cuda.ForeignMemory;
import dev.lanewise.kernel.CapturedWork;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Work recorded as a CUDA graph. A graph repeats calls with the addresses that they had, so
 * everything that they name stays where it is as long as the graph lives: memory taken while
 * recording comes from a pool of the graph's own, numbers from main memory stay in pinned copies,
 * and arrays from outside are held, and looked at before each run.
 */
final class Capture implements CapturedWork, Closing.Step, Memory {
  private final CudaDevice device;
  private final Thread thread = Thread.currentThread();
  private final Pool pool = new Pool(this);
  private final Scope scope = Scope.isolated("captured work");
  private final Map<Storage, Long> addresses = new IdentityHashMap<>();

  /** Where the blocks of the graph's own pool begin, and their sizes. */
  private final NavigableMap<Long, Long> blocks = new TreeMap<>();

  private final List<MemorySegment> constants = new ArrayList<>();
  private final List<MemorySegment> unused = new ArrayList<>();
  private MemorySegment graph = MemorySegment.NULL;
  private MemorySegment executable = MemorySegment.NULL;

  private Capture(CudaDevice device) {
    this.device = device;
  }

  /**
   * {@return work that was recorded, and run once}
   *
   * @param device who does it
   * @param work what to do
   */
  static CapturedWork of(CudaDevice device, Runnable work) {
    try (Operation _ = device.begin("capture")) {
      if (device.isCapturing()) {
        throw new IllegalStateException(
            "capture: work is being captured already; capture the whole of it at once");
      }
      Capture capture = new Capture(device);
      try {
        device.captures().add(capture);
        capture.record(work);
        capture.run();
      } catch (Throwable failed) {
        Closing.after(failed, capture::close);
        throw failed;
      }
      return capture;
    }
  }

  private void record(Runnable work) {
    // Relaxed: compiling kernels and taking memory are no work of the graph's.
    begin();
    try {
      work.run();
    } catch (Throwable failed) {
      Closing.after(failed, this::end);
      throw failed;
    }
    end();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(Cudart.C_POINTER);
      Status.runtime(
          "cudaGraphInstantiateWithFlags", Cudart.cudaGraphInstantiateWithFlags(pointer, graph, 0));
      executable = pointer.get(Cudart.C_POINTER, 0);
    }
  }

  private void begin() {
    // None of this is possible while work is recorded: waiting for the device, which the libraries
    // do at their start, and giving back the memory that the graph may need.
    device.handles().open();
    device.memory().trim();
    Status.runtime(
        "cudaStreamBeginCapture",
        Cudart.cudaStreamBeginCapture(device.stream(), Cudart.cudaStreamCaptureModeRelaxed()));
    device.capture(this);
  }

  /** Ends the recording in any case; work that has left a scope open is told afterwards. */
  private void end() {
    device.capture(null);
    Closing.all(this::endOnStream, scope::leave);
  }

  private void endOnStream() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(Cudart.C_POINTER);
      Status.runtime("cudaStreamEndCapture", Cudart.cudaStreamEndCapture(device.stream(), pointer));
      graph = pointer.get(Cudart.C_POINTER, 0);
    }
  }

  /** {@return whether the calling thread is the one whose work is recorded} */
  boolean isOfThisThread() {
    return Thread.currentThread() == thread;
  }

  /** Notes an array that the work uses; what it makes itself may go and come as it does. */
  void use(Storage storage) {
    long address = storage.segment().address();
    if (!isOwn(address)) {
      addresses.put(storage, address);
    }
  }

  private boolean isOwn(long address) {
    Map.Entry<Long, Long> own = blocks.floorEntry(address);
    return own != null && address < own.getKey() + own.getValue();
  }

  /** {@return a pinned copy of numbers, which stays as long as the graph} */
  MemorySegment constant(MemorySegment from) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(Cudart.C_POINTER);
      Status.runtime("cudaMallocHost", Cudart.cudaMallocHost(pointer, from.byteSize()));
      long address = pointer.get(Cudart.C_POINTER, 0).address();
      MemorySegment copy = ForeignMemory.onHost(address, from.byteSize());
      constants.add(copy);
      return copy.copyFrom(from);
    }
  }

  @Override
  public void run() {
    try (Operation _ = device.begin("captured work")) {
      if (!scope.isOpen()) {
        throw new IllegalStateException("run: the captured work was closed");
      }
      if (device.isCapturing()) {
        throw new IllegalStateException("run: work is being captured; captured work can not nest");
      }
      addresses.forEach(Capture::requireInPlace);
      Status.runtime("cudaGraphLaunch", Cudart.cudaGraphLaunch(executable, device.stream()));
    }
  }

  private static void requireInPlace(Storage storage, long address) {
    storage.requireAlive("captured work");
    if (storage.segment().address() != address) {
      throw new IllegalStateException(
          "captured work: an array of "
              + storage.byteSize()
              + " bytes that it uses was moved out of its scope; keep it before the capture");
    }
  }

  @Override
  public void close() {
    if (!scope.isOpen()) {
      return;
    }
    try (Operation _ = device.begin("close captured work")) {
      if (!scope.isOpen()) {
        return; // another thread has closed it meanwhile
      }
      // Nobody can wait for its last run, and nothing may be freed under that.
      device.requireNoCapture("close other captured work");
      // A run may still be going on, and reads what is freed below.
      List<Closing.Step> steps = new ArrayList<>();
      steps.add(device::synchronize);
      steps.add(this::destroyExecutable);
      steps.add(this::destroyGraph);
      steps.add(scope::close);
      steps.add(pool::trim);
      steps.add(this::freeUnused);
      for (MemorySegment constant : constants) {
        steps.add(() -> Status.runtime("cudaFreeHost", Cudart.cudaFreeHost(constant)));
      }
      device.captures().remove(this);
      addresses.clear();
      Closing.all(steps);
    }
  }

  private void destroyExecutable() {
    if (executable.address() != 0) {
      Status.runtime("cudaGraphExecDestroy", Cudart.cudaGraphExecDestroy(executable));
    }
  }

  private void destroyGraph() {
    if (graph.address() != 0) {
      Status.runtime("cudaGraphDestroy", Cudart.cudaGraphDestroy(graph));
    }
  }

  private void freeUnused() {
    Closing.all(
        unused.stream().<Closing.Step>map(block -> () -> device.memory().unmap(block)).toList());
  }

  @Override
  public Pool pool() {
    return pool;
  }

  @Override
  public MemorySegment map(long bytes) {
    MemorySegment block = device.memory().mapApart(bytes);
    blocks.put(block.address(), bytes);
    return block;
  }

  /** The graph may name the block until it is gone. */
  @Override
  public void unmap(MemorySegment block) {
    unused.add(block);
  }

  @Override
  public boolean isHost() {
    return false;
  }

  @Override
  public OutOfMemoryError exhausted(long bytes, long inUse) {
    return device.memory().exhausted(bytes, inUse);
  }
}
