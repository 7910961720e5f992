package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.DoubleLibraries;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A double of the NVIDIA libraries with one device. There is one in a JVM, because the bindings
 * keep for good the functions that they have found.
 *
 * <pre>{@code
 * private final DriverDouble cuda = DriverDouble.install();
 *
 * @BeforeEach void anew() { cuda.reset(); }
 *
 * @AfterEach void nothingWrong() { cuda.assertNoProblems(); cuda.assertNothingLives(); }
 * }</pre>
 *
 * <p>Tests that use it are named {@code *DoubleTest} and run in a JVM of their own.
 */
public final class DriverDouble {

  private static final long DEFAULT_MEMORY = 256L << 20;
  private static final int CALLS_KEPT = 20_000;

  private static final class Installed {
    static final DriverDouble DOUBLE = new DriverDouble();

    static {
      DOUBLE.libraries.forEach(DoubleLibraries::put);
    }
  }

  final DeviceBlocks blocks = new DeviceBlocks(DEFAULT_MEMORY);
  final Handles handles = new Handles();
  final HostMemory host = new HostMemory();
  final Streams streams = new Streams(handles);
  final Device device = new Device(handles);

  final MathUse math = new MathUse();

  private final Map<CudaLibrary, LibraryDouble> libraries = new EnumMap<>(CudaLibrary.class);
  private final Map<String, Integer> counts = new HashMap<>();
  private final ArrayDeque<Call> calls = new ArrayDeque<>();
  private final List<String> problems = new ArrayList<>();
  private final Map<String, TreeMap<Integer, Integer>> faults = new HashMap<>();
  private final List<List<String>> compileOptions = new ArrayList<>();
  KernelCompiler compiler = SimtKernels::compile;

  private DriverDouble() {
    libraries.put(CudaLibrary.CUDART, new CudartLibrary(this));
    libraries.put(CudaLibrary.CUBLAS, new CublasLibrary(this));
    libraries.put(CudaLibrary.CUBLASLT, new CublasLtLibrary(this));
    libraries.put(CudaLibrary.CUDNN, new CudnnLibrary(this));
    libraries.put(CudaLibrary.DRIVER, new DriverLibrary(this));
    libraries.put(CudaLibrary.NVRTC, NvrtcFunctions.library(this));
  }

  /**
   * {@return the double, which from the first call on stands in place of all libraries}
   *
   * @throws IllegalStateException if a library was used before
   */
  public static DriverDouble install() {
    return Installed.DOUBLE;
  }

  /** Makes all as it is in the beginning: nothing lives, nothing was called, nothing is ordered. */
  public synchronized void reset() {
    endAll();
    blocks.limit(DEFAULT_MEMORY);
    streams.lazy = false;
    device.clear();
    math.clear();
    counts.clear();
    calls.clear();
    problems.clear();
    faults.clear();
    compileOptions.clear();
    compiler = SimtKernels::compile;
  }

  /** Ends all that lives. */
  void endAll() {
    streams.clear();
    blocks.clear();
    handles.clear();
    host.clear();
  }

  /** Limits the device memory; the default is 256 MB. */
  public synchronized DriverDouble totalMemory(long bytes) {
    blocks.limit(bytes);
    return this;
  }

  /** Sets the compute capability; the default is 8.0. */
  public synchronized DriverDouble computeCapability(int major, int minor) {
    device.major = major;
    device.minor = minor;
    return this;
  }

  /** Sets whether the device has memory pools; it has by default. */
  public synchronized DriverDouble memoryPools(boolean supported) {
    device.pools = supported;
    return this;
  }

  /**
   * Sets whether the work of streams waits until something waits for it. Off by default. A missing
   * synchronisation shows as wrong numbers then.
   */
  public synchronized DriverDouble lazy(boolean on) {
    streams.lazy = on;
    return this;
  }

  /** {@return what products and convolutions were computed with since the last reset} */
  public MathUse math() {
    return math;
  }

  /** {@return the device's memory} */
  public DeviceBlocks memory() {
    return blocks;
  }

  /**
   * Lets a call fail: the function does nothing and returns the status.
   *
   * @param function its C name
   * @param nth which of its calls from now on, 1 for the next
   * @throws IllegalArgumentException if the double has no such function that returns a status
   */
  public synchronized DriverDouble fail(String function, int nth, int status) {
    if (!canFail(function)) {
      throw new IllegalArgumentException(
          "fail: no function " + function + " that returns a status; give the C name of one");
    }
    if (nth < 1) {
      throw new IllegalArgumentException("fail: call " + nth + "; 1 is the next call");
    }
    faults.computeIfAbsent(function, _ -> new TreeMap<>()).put(calls(function) + nth, status);
    return this;
  }

  /** {@return whether there is a function of this name, and it returns a status} */
  public boolean canFail(String function) {
    return libraries.values().stream().anyMatch(library -> library.answers(function));
  }

  /** Lets the next call of a function fail. */
  public DriverDouble fail(String function, int status) {
    return fail(function, 1, status);
  }

  /** {@return what is to be answered in place of the call that has just come} */
  synchronized OptionalInt orderedFault(String function) {
    TreeMap<Integer, Integer> ordered = faults.get(function);
    Integer status = ordered == null ? null : ordered.remove(calls(function) + 1);
    return status == null ? OptionalInt.empty() : OptionalInt.of(status);
  }

  synchronized void log(Call call) {
    counts.merge(call.function(), 1, Integer::sum);
    calls.add(call);
    if (calls.size() > CALLS_KEPT) {
      calls.remove();
    }
  }

  /** {@return how often a function was called since the last reset} */
  public synchronized int calls(String function) {
    return counts.getOrDefault(function, 0);
  }

  /** {@return the last 20,000 calls since the last reset, in their order} */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  synchronized void noteCompilation(List<String> options) {
    compileOptions.add(List.copyOf(options));
  }

  /** {@return the options of each compilation since the last reset} */
  public synchronized List<List<String>> compileOptions() {
    return List.copyOf(compileOptions);
  }

  /** Notes what is wrong with the program, or with the double. */
  synchronized void problem(String function, Throwable what) {
    String text = String.valueOf(what.getMessage());
    if (!isFinding(what)) {
      StringWriter trace = new StringWriter();
      what.printStackTrace(new PrintWriter(trace, true));
      text = trace.toString();
    }
    problems.add(function + ": " + text);
  }

  private static boolean isFinding(Throwable what) {
    return what instanceof Refusal
        || what instanceof DeviceFault
        || what instanceof HandleFault
        || what instanceof WorkFault
        || what instanceof CaptureFault;
  }

  /**
   * {@return what no correct program does, and what the double could not do, each with the function
   * in which it came up}
   */
  public synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  /** {@return each problem, and forgets them: for a test that provokes some} */
  public synchronized List<String> takeProblems() {
    List<String> taken = problems();
    problems.clear();
    return taken;
  }

  /** Throws an {@link AssertionError} that names all problems, if there are any. */
  public void assertNoProblems() {
    List<String> found = problems();
    if (!found.isEmpty()) {
      throw new AssertionError(found.size() + " problems:\n" + String.join("\n", found));
    }
  }

  /**
   * {@return how much lives of each kind: "blocks", "bytes", "pinned", "retained contexts", and the
   * kinds of handles} What there is none of is not listed.
   */
  public synchronized Map<String, Long> liveCounts() {
    var counted = new TreeMap<String, Long>();
    handles.counts().forEach((kind, count) -> counted.put(kind, (long) count));
    counted.put("blocks", (long) blocks.count());
    counted.put("bytes", blocks.used());
    counted.put("pinned", (long) host.count());
    counted.put("retained contexts", (long) device.contextsRetained);
    counted.values().removeIf(count -> count == 0);
    return counted;
  }

  /** {@return all that lives in words, "nothing" if nothing does} */
  public synchronized String live() {
    Map<String, Long> counted = liveCounts();
    if (counted.isEmpty()) {
      return "nothing";
    }
    String kinds =
        counted.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    return blocks.count() == 0 ? kinds : kinds + ": " + blocks;
  }

  /** Throws an {@link AssertionError} that names all that lives, if anything does. */
  public void assertNothingLives() {
    String live = live();
    if (!live.equals("nothing")) {
      throw new AssertionError("still alive: " + live);
    }
  }

  /** {@return the libraries, for the test that compares them with the bindings} */
  Map<CudaLibrary, LibraryDouble> libraries() {
    return libraries;
  }
}
