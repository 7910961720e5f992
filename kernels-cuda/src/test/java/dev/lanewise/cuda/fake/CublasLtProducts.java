package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CublasContext.SUCCESS;
import static dev.lanewise.cuda.fake.CublasContext.require;

import dev.lanewise.bindings.cuda.cublasLtMatmulAlgo_t;
import dev.lanewise.bindings.cuda.cublasLtMatmulHeuristicResult_t;
import dev.lanewise.cuda.simt.DeviceAccess;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * The product of cuBLASLt and the search for its algorithm. The double has one algorithm; its
 * description says for which problem it was asked, which workspace it wants and how its operands
 * are aligned, and the product demands all three.
 */
final class CublasLtProducts {

  private static final long MAGIC = 0x1a9e_0001L;

  /** Documentation of cublasLtMatmul: the workspace must be aligned to 16 bytes. */
  private static final long WORKSPACE_ALIGNMENT = 16;

  private final CublasContext context;
  private final DeviceAccess memory;
  private final Out out;

  CublasLtProducts(CublasContext context) {
    this.context = context;
    this.memory = context.cuda.blocks;
    this.out = new Out(context.cuda.host);
  }

  private LtProblem problem(
      MemorySegment light,
      MemorySegment desc,
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      MemorySegment d) {
    Handles handles = context.cuda.handles;
    handles.get(CublasLtHandle.class, light);
    return LtProblem.of(
        handles.get(LtMatmulDesc.class, desc),
        handles.get(LtMatrixLayout.class, a),
        handles.get(LtMatrixLayout.class, b),
        handles.get(LtMatrixLayout.class, c),
        handles.get(LtMatrixLayout.class, d));
  }

  int cublasLtMatmulAlgoGetHeuristic(
      MemorySegment light,
      MemorySegment desc,
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      MemorySegment d,
      MemorySegment preference,
      int requested,
      MemorySegment results,
      MemorySegment returned) {
    require(requested > 0, "%d algorithms are asked for", requested);
    out.number(returned, 0);
    LtProblem problem = problem(light, desc, a, b, c, d);
    var wishes = context.cuda.handles.get(LtMatmulPreference.class, preference);
    MemorySegment result =
        context.cuda.host.at(results, requested * cublasLtMatmulHeuristicResult_t.sizeof());
    MemorySegment algo = cublasLtMatmulHeuristicResult_t.algo(result);
    long workspace = problem.workspace(wishes.maxWorkspace());
    cublasLtMatmulAlgo_t.data(algo, 0, MAGIC);
    cublasLtMatmulAlgo_t.data(algo, 1, problem.signature());
    cublasLtMatmulAlgo_t.data(algo, 2, workspace);
    for (int i = 0; i < 4; i++) {
      cublasLtMatmulAlgo_t.data(algo, 3 + i, wishes.alignments().get(i));
    }
    cublasLtMatmulHeuristicResult_t.workspaceSize(result, workspace);
    cublasLtMatmulHeuristicResult_t.state(result, SUCCESS);
    cublasLtMatmulHeuristicResult_t.wavesCount(result, 1);
    out.number(returned, 1);
    return SUCCESS;
  }

  int cublasLtMatmul(
      MemorySegment light,
      MemorySegment desc,
      MemorySegment alpha,
      MemorySegment a,
      MemorySegment aLayout,
      MemorySegment b,
      MemorySegment bLayout,
      MemorySegment beta,
      MemorySegment c,
      MemorySegment cLayout,
      MemorySegment d,
      MemorySegment dLayout,
      MemorySegment algo,
      MemorySegment workspace,
      long workspaceBytes,
      MemorySegment stream) {
    LtProblem problem = problem(light, desc, aLayout, bLayout, cLayout, dLayout);
    CudaStream on = context.cuda.streams.of(stream);
    CublasHandle modes = new CublasHandle(on);
    modes.pointerMode = problem.desc().pointerMode(); // the two modes have the same numbers
    DoubleSupplier alphaOf = context.scalar(modes, alpha, problem.types().scale(), "alpha");
    DoubleSupplier betaOf = context.scalar(modes, beta, problem.types().scale(), "beta");
    checkAlgorithm(problem, algo, List.of(a, b, c, d), workspaceBytes);
    require(
        workspace.address() % WORKSPACE_ALIGNMENT == 0,
        "the workspace is not aligned to %d bytes",
        WORKSPACE_ALIGNMENT);
    require(
        workspaceBytes == 0 || workspace.address() != 0,
        "a workspace of %d bytes is null",
        workspaceBytes);
    require(!problem.desc().epilogue().biased() || problem.desc().bias() != 0, "the bias is null");
    Runnable work =
        prepare(problem, alphaOf, betaOf, List.of(a, b, c, d), workspace.address(), workspaceBytes);
    context.cuda.math.product(problem.types().precision());
    context.cuda.streams.submit(on, "cublasLtMatmul", work);
    return SUCCESS;
  }

  /** Reads the descriptors now, for they may be destroyed before the stream does the work. */
  private Runnable prepare(
      LtProblem problem,
      DoubleSupplier alpha,
      DoubleSupplier beta,
      List<MemorySegment> operands,
      long workspace,
      long workspaceBytes) {
    LtMatmulDesc desc = problem.desc();
    var a = problem.a().arrays(operands.get(0).address(), desc.aTransposed());
    var b = problem.b().arrays(operands.get(1).address(), desc.bTransposed());
    var c = problem.c().arrays(operands.get(2).address(), false);
    var d = problem.d().arrays(operands.get(3).address(), false);
    LtEpilogue epilogue = desc.epilogue();
    List<StridedArray> bias = epilogue.biased() ? biases(problem) : List.of();
    return () -> {
      // whatever lies there is lost, so that a workspace in use elsewhere is found out
      memory.at(workspace, workspaceBytes).fill(DeviceBlocks.NOISE);
      var product =
          new MatrixProduct(
              problem.types().precision(),
              problem.m(),
              problem.n(),
              problem.k(),
              alpha.getAsDouble(),
              a,
              b,
              beta.getAsDouble(),
              c,
              d);
      List<double[]> biases = new ArrayList<>();
      bias.forEach(each -> biases.add(each.read(memory)));
      product.run(memory, biases, epilogue::activate);
    };
  }

  /**
   * Documentation of CUBLASLT_EPILOGUE_BIAS: the vector is as long as D has rows, is packed, and is
   * added to every column.
   */
  private static List<StridedArray> biases(LtProblem problem) {
    NumberType type = problem.desc().biasType(problem.types().c());
    List<StridedArray> biases = new ArrayList<>();
    for (int i = 0; i < problem.d().batch(); i++) {
      long address = problem.desc().bias() + i * problem.desc().biasStride() * type.bytes();
      biases.add(StridedArray.vector(type, address, problem.m(), 1));
    }
    return biases;
  }

  private void checkAlgorithm(
      LtProblem problem, MemorySegment algo, List<MemorySegment> operands, long workspaceBytes) {
    if (algo.address() == 0) {
      return; // the library then searches itself and makes do with the workspace that it gets
    }
    MemorySegment found = context.cuda.host.at(algo, cublasLtMatmulAlgo_t.sizeof());
    require(cublasLtMatmulAlgo_t.data(found, 0) == MAGIC, "the algorithm is none");
    require(
        cublasLtMatmulAlgo_t.data(found, 1) == problem.signature(),
        "the algorithm was searched for another problem");
    long demanded = cublasLtMatmulAlgo_t.data(found, 2);
    require(
        workspaceBytes >= demanded,
        "a workspace of %d bytes, and the algorithm wants %d",
        workspaceBytes,
        demanded);
    for (int i = 0; i < operands.size(); i++) {
      long alignment = cublasLtMatmulAlgo_t.data(found, 3 + i);
      require(
          alignment <= 1 || operands.get(i).address() % alignment == 0,
          "%s is at %s, and the algorithm was searched for an alignment of %d",
          "ABCD".charAt(i),
          DeviceBlocks.hex(operands.get(i).address()),
          alignment);
    }
  }
}
