package dev.lanewise.cuda.simt;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A program in a subset of CUDA C, and its runs on the CPU.
 *
 * <p><b>The subset.</b> No preprocessor, templates, structs, warp intrinsics or atomics. Types:
 * void, bool, unsigned char, short, unsigned short, int, unsigned int, long long, unsigned long
 * long, float, double, pointers to these, arrays of one dimension. At file level: {@code typedef}
 * of scalars, {@code __constant__ const T name[N] = {…};}, {@code __device__ inline} functions,
 * which may be overloaded, and {@code extern "C" __global__ void __launch_bounds__(N)} kernels.
 * Statements: declarations, expressions, if, for, while, do, break, continue, return, blocks,
 * {@code __syncthreads();}. All operators of C but the comma. The functions are those of {@code
 * Builtin}; they take exactly their types, so an int is no argument of {@code exp}.
 *
 * <p><b>The run.</b> Blocks run one after another, the threads of a block in lockstep. Each float
 * operation rounds to float, none are contracted. These are faults: an access outside of a block of
 * memory or of an array, or not aligned; a null pointer; a variable, local or shared element that
 * is read before it has a value; division of an integer by 0; a shift by too many bits; a function
 * that ends without its return; {@code __syncthreads()} that not all threads reach which have not
 * returned; and races.
 *
 * <p><b>Races.</b> What a thread writes, no other thread may read or write, and what it reads, no
 * other may write, unless both are of one block and a barrier is between. Only writing the same
 * bits as another did is let pass. This is looked for in shared arrays always, and in global memory
 * for launches of up to {@value #MOST_THREADS_WATCHED} threads.
 *
 * <p>A program runs one launch at a time; others wait.
 */
public final class SimtProgram {
  /**
   * Launches of more threads are not searched for races in global memory: the table would be large.
   */
  static final int MOST_THREADS_WATCHED = 1 << 16;

  private static final int MOST_THREADS = 1024;
  private static final int[] MOST_IN_BLOCK = {1024, 1024, 64};
  private static final int[] MOST_IN_GRID = {Integer.MAX_VALUE, 65535, 65535};

  private final Map<String, Function> kernels;
  private final List<DeviceArray> arrays;
  private final Mask all = new Mask();

  /** One for all programs of a thread: it is large. */
  private static final ThreadLocal<RaceTable> RACES = ThreadLocal.withInitial(RaceTable::new);

  private long launches;
  private int epoch;

  private SimtProgram(ProgramParser parser) {
    this.kernels = parser.parse();
    this.arrays = parser.arrays();
  }

  /**
   * {@return the program of a text}
   *
   * @param source CUDA C of the subset
   * @throws SimtSyntaxException if it is not of the subset: with the first line that is wrong, and
   *     why
   */
  public static SimtProgram parse(String source) {
    return new SimtProgram(new ProgramParser(source));
  }

  /** {@return the names of the kernels, in the order of the text} */
  public List<String> kernels() {
    return List.copyOf(kernels.keySet());
  }

  /**
   * {@return the types of a kernel's parameters}
   *
   * @param kernel its name
   * @throws IllegalArgumentException if there is no such kernel
   */
  public List<SimtType> parameters(String kernel) {
    return kernel(kernel).types();
  }

  /**
   * {@return the most threads that a block of a kernel may have, by its {@code __launch_bounds__}}
   *
   * @param kernel its name
   * @throws IllegalArgumentException if there is no such kernel
   */
  public int mostThreads(String kernel) {
    return kernel(kernel).mostThreads;
  }

  /**
   * Runs a kernel.
   *
   * @param kernel its name
   * @param grid how many blocks in x, y and z
   * @param block how many threads of a block in x, y and z
   * @param arguments the bits of each parameter; the upper bits beyond a parameter's size are not
   *     looked at
   * @param memory what global addresses mean
   * @throws IllegalArgumentException if there is no such kernel, or CUDA would refuse the sizes, or
   *     the arguments are too few or too many; nothing has run then
   * @throws SimtFault if a thread does what it must not do; what was written before stays written
   */
  public void launch(
      String kernel, int[] grid, int[] block, long[] arguments, DeviceAccess memory) {
    Function function = kernel(kernel);
    int[] blocks = sizes(kernel, "grid", grid, MOST_IN_GRID);
    int[] threads = sizes(kernel, "block", block, MOST_IN_BLOCK);
    long inBlock = (long) threads[0] * threads[1] * threads[2];
    if (inBlock > Math.min(MOST_THREADS, function.mostThreads)) {
      throw new IllegalArgumentException(
          "launch of %s: a block has %d threads, more than the %d of __launch_bounds__"
              .formatted(kernel, inBlock, function.mostThreads));
    }
    if (arguments.length != function.parameters.size()) {
      throw new IllegalArgumentException(
          "launch of %s: %d arguments for %d parameters"
              .formatted(kernel, arguments.length, function.parameters.size()));
    }
    synchronized (this) {
      run(function, blocks, threads, arguments, memory);
    }
  }

  private void run(
      Function function, int[] grid, int[] block, long[] arguments, DeviceAccess memory) {
    launches++;
    double threads = (double) grid[0] * grid[1] * grid[2] * block[0] * block[1] * block[2];
    RaceTable watching = null;
    if (threads <= MOST_THREADS_WATCHED) {
      watching = RACES.get();
      watching.start();
    }
    BlockState state =
        new BlockState(function.name, memory, arrays, watching, grid, block, launches, epoch);
    all.all(state.threads);
    try {
      boolean first = true;
      for (int z = 0; z < grid[2]; z++) {
        for (int y = 0; y < grid[1]; y++) {
          for (int x = 0; x < grid[0]; x++) {
            state.start(x, y, z);
            pass(function, arguments, state, first);
            function.body.run(state, all);
            first = false;
          }
        }
      }
    } finally {
      epoch = state.epoch;
    }
  }

  /**
   * Gives each thread the arguments; those that the kernel does not assign to are still there from
   * the first block.
   */
  private static void pass(Function function, long[] arguments, BlockState state, boolean first) {
    for (int i = 0; i < arguments.length; i++) {
      Variable parameter = function.parameters.get(i);
      if (first || parameter.assigned) {
        Arrays.fill(
            parameter.values(state), 0, state.threads, parameter.type.canonical(arguments[i]));
      }
    }
  }

  private Function kernel(String name) {
    Function function = kernels.get(name);
    if (function == null) {
      throw new IllegalArgumentException(
          "no kernel is named " + name + "; there are " + kernels.keySet());
    }
    return function;
  }

  private static int[] sizes(String kernel, String what, int[] sizes, int[] most) {
    for (int axis = 0; axis < 3; axis++) {
      if (sizes.length != 3 || sizes[axis] < 1 || sizes[axis] > most[axis]) {
        throw new IllegalArgumentException(
            "launch of %s: %s %s; there are three sizes, from 1 to %s"
                .formatted(kernel, what, Arrays.toString(sizes), Arrays.toString(most)));
      }
    }
    return sizes.clone();
  }
}
