package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.DeviceException;
import dev.lanewise.bindings.cuda.Cudnn;
import dev.lanewise.bindings.cuda.cudnnConvolutionFwdAlgoPerf_t;
import dev.lanewise.kernel.ConvSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * How cuDNN computes a convolution or one of its gradients for arrays of given shapes: descriptors,
 * and an algorithm. cuDNN's heuristics are asked once. Of what they name, the fastest is taken that
 * gives the same bits in every run, does not take much memory, and, unless TF32 is allowed, does
 * not transform the images: an error would then not be bounded by the numbers of a window alone, as
 * the contract has it.
 */
final class ConvolutionPlan implements PlanCache.Plan {
  /** Beyond this, memory is worth more than what an algorithm gains by it. */
  private static final long MOST_WORKSPACE = 1L << 30;

  /**
   * What a plan is for.
   *
   * @param direction what is computed
   * @param spec the geometry, with the same padding on both sides of each axis
   * @param dtype the type of all arrays
   * @param tf32 whether numbers may be rounded to TF32
   */
  record Key(ConvolutionDirection direction, ConvSpec spec, DType dtype, boolean tf32) {}

  private final Key key;
  private final List<DnnDescriptor> descriptors = new ArrayList<>(4);

  /** The algorithms that may be tried when the chosen one turns out to be impossible. */
  private final List<Integer> candidates = new ArrayList<>();

  private int algorithm;
  private long workspaceBytes;

  /**
   * Makes a plan.
   *
   * @param dnn cuDNN's handle
   * @param key what it is for
   */
  ConvolutionPlan(MemorySegment dnn, Key key) {
    this.key = key;
    try {
      ConvSpec spec = key.spec;
      DType dtype = key.dtype;
      descriptors.add(DnnDescriptor.tensor(dtype, DnnWindow.dims(spec.input())));
      descriptors.add(DnnDescriptor.filter(dtype, DnnWindow.dims(spec.filter())));
      descriptors.add(DnnDescriptor.tensor(dtype, DnnWindow.dims(spec.output())));
      // The default would allow TF32 from the Ampere generation on.
      int math = key.tf32 ? Cudnn.CUDNN_DEFAULT_MATH() : Cudnn.CUDNN_FMA_MATH();
      DnnWindow window = DnnWindow.of(spec.window());
      descriptors.add(DnnDescriptor.convolution(dtype, window, spec.groups(), math));
      candidates.addAll(candidates(dnn));
      candidates.add(key.direction.general());
      choose(dnn);
    } catch (DeviceException failed) {
      Closing.after(failed, this::close);
      throw failed;
    }
  }

  /** Takes the next algorithm that can be used; the one that can do all comes last. */
  private void choose(MemorySegment dnn) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(Cudnn.size_t);
      while (!candidates.isEmpty()) {
        int candidate = candidates.removeFirst();
        int status = key.direction.workspace(dnn, this, candidate, bytes);
        boolean isLast = candidates.isEmpty();
        if (isLast || !Status.isNotSupported(status)) {
          Status.dnn("cudnnGetConvolution" + key.direction.verb() + "WorkspaceSize", status);
          if (isLast || bytes.get(Cudnn.size_t, 0) <= MOST_WORKSPACE) {
            algorithm = candidate;
            workspaceBytes = bytes.get(Cudnn.size_t, 0);
            return;
          }
        }
      }
    }
  }

  /** {@return the algorithms that may be used, in the order that cuDNN recommends} */
  private List<Integer> candidates(MemorySegment dnn) {
    try (Arena arena = Arena.ofConfined()) {
      return candidates(dnn, arena);
    }
  }

  private List<Integer> candidates(MemorySegment dnn, Arena arena) {
    int most = 16; // more than there are, each with and without tensor cores
    MemorySegment count = arena.allocate(Cudnn.C_INT);
    // The results of the three directions are three structs with the same fields.
    MemorySegment found = cudnnConvolutionFwdAlgoPerf_t.allocateArray(most, arena);
    Status.dnn(
        "cudnnGetConvolution" + key.direction.verb() + "Algorithm_v7",
        key.direction.search(dnn, this, most, count, found));
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < count.get(Cudnn.C_INT, 0); i++) {
      MemorySegment result = cudnnConvolutionFwdAlgoPerf_t.asSlice(found, i);
      int candidate = cudnnConvolutionFwdAlgoPerf_t.algo(result);
      if (isAllowed(result) && !all.contains(candidate)) {
        all.add(candidate);
      }
    }
    return all;
  }

  private boolean isAllowed(MemorySegment result) {
    int math = cudnnConvolutionFwdAlgoPerf_t.mathType(result);
    return cudnnConvolutionFwdAlgoPerf_t.status(result) == Cudnn.CUDNN_STATUS_SUCCESS()
        && cudnnConvolutionFwdAlgoPerf_t.determinism(result) == Cudnn.CUDNN_DETERMINISTIC()
        // Others, which round to f16, would need another descriptor.
        && (math == Cudnn.CUDNN_DEFAULT_MATH()
            || math == Cudnn.CUDNN_FMA_MATH()
            || key.tf32 && math == Cudnn.CUDNN_TENSOR_OP_MATH())
        && (key.tf32 || !key.direction.isTransform(cudnnConvolutionFwdAlgoPerf_t.algo(result)));
  }

  MemorySegment input() {
    return descriptors.get(0).handle();
  }

  MemorySegment filter() {
    return descriptors.get(1).handle();
  }

  MemorySegment output() {
    return descriptors.get(2).handle();
  }

  MemorySegment convolution() {
    return descriptors.get(3).handle();
  }

  /** {@return cuDNN's number of the algorithm} */
  int algorithm() {
    return algorithm;
  }

  /** {@return how much memory a run needs} */
  long workspaceBytes() {
    return workspaceBytes;
  }

  /**
   * Gives the work to the device.
   *
   * @param operation the operation in progress
   * @param dnn cuDNN's handle
   * @param arrays where the arrays lie
   * @param add whether to add to what is there
   */
  void run(
      Operation operation, MemorySegment dnn, ConvolutionDirection.Arrays arrays, boolean add) {
    int status = call(operation, dnn, arrays, add);
    // What is recommended is not always possible; then nothing was written.
    while (Status.isNotSupported(status) && !candidates.isEmpty()) {
      choose(dnn);
      status = call(operation, dnn, arrays, add);
    }
    Status.dnn("cudnnConvolution" + key.direction.verb(), status);
  }

  private int call(
      Operation operation, MemorySegment dnn, ConvolutionDirection.Arrays arrays, boolean add) {
    MemorySegment workspace =
        workspaceBytes == 0 ? MemorySegment.NULL : Dnn.at(operation.workspace(workspaceBytes));
    return key.direction.run(
        dnn,
        this,
        arrays,
        workspace,
        Dnn.one(key.dtype),
        add ? Dnn.one(key.dtype) : Dnn.zero(key.dtype));
  }

  @Override
  public void close() {
    Closing.all(descriptors);
  }
}
