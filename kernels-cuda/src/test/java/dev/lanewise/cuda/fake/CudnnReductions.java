package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CudnnContext.SUCCESS;
import static dev.lanewise.cuda.fake.CudnnContext.at;
import static dev.lanewise.cuda.fake.CudnnContext.checkApart;
import static dev.lanewise.cuda.fake.CudnnContext.choice;
import static dev.lanewise.cuda.fake.CudnnContext.require;
import static dev.lanewise.cuda.fake.CudnnContext.supported;

import dev.lanewise.bindings.cuda.Cudnn;
import dev.lanewise.cuda.simt.DeviceAccess;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The reductions of cuDNN, without indices. */
final class CudnnReductions {

  private final CudnnContext context;
  private final DeviceAccess memory;

  CudnnReductions(CudnnContext context) {
    this.context = context;
    this.memory = context.cuda.blocks;
  }

  int cudnnCreateReduceTensorDescriptor(MemorySegment descriptor) {
    return context.create(descriptor, ReduceTensorDescriptor::new);
  }

  int cudnnDestroyReduceTensorDescriptor(MemorySegment descriptor) {
    return context.destroy(ReduceTensorDescriptor.class, descriptor);
  }

  int cudnnSetReduceTensorDescriptor(
      MemorySegment descriptor,
      int operation,
      int computeType,
      int nanOption,
      int indices,
      int indicesType) {
    var found = context.cuda.handles.get(ReduceTensorDescriptor.class, descriptor);
    var chosen = choice(ReduceTensorDescriptor.Operation.values(), operation, "reduceTensorOp");
    NumberType type = CudnnContext.type(computeType);
    require(type == NumberType.F32 || type == NumberType.F64, "reduceTensorCompType %s", type);
    require(nanOption == 0 || nanOption == 1, "reduceTensorNanOpt is %d", nanOption);
    supported(indices == Cudnn.CUDNN_REDUCE_TENSOR_NO_INDICES(), "a reduction with indices");
    supported(indicesType == Cudnn.CUDNN_32BIT_INDICES(), "indices of type %d", indicesType);
    found.operation = chosen;
    found.computeType = type;
    found.propagateNan = nanOption == 1;
    return SUCCESS;
  }

  int cudnnGetReductionWorkspaceSize(
      MemorySegment handle,
      MemorySegment descriptor,
      MemorySegment aDesc,
      MemorySegment cDesc,
      MemorySegment size) {
    context.handle(handle);
    check(descriptor, context.tensor(aDesc, "aDesc"), context.tensor(cDesc, "cDesc"));
    context.out.size(size, workspace(context.tensor(aDesc, "aDesc")));
    return SUCCESS;
  }

  int cudnnGetReductionIndicesSize(
      MemorySegment handle,
      MemorySegment descriptor,
      MemorySegment aDesc,
      MemorySegment cDesc,
      MemorySegment size) {
    context.handle(handle);
    check(descriptor, context.tensor(aDesc, "aDesc"), context.tensor(cDesc, "cDesc"));
    context.out.size(size, 0);
    return SUCCESS;
  }

  private static long workspace(TensorShape a) {
    return 16L * a.count();
  }

  /** Each dimension of C is that of A, or 1 where it is reduced. */
  private ReduceTensorDescriptor check(MemorySegment descriptor, TensorShape a, TensorShape c) {
    var found = context.cuda.handles.get(ReduceTensorDescriptor.class, descriptor);
    require(found.operation != null, "reduceTensorDesc is not set");
    require(c.expandsTo(a), "C is %s, A is %s", c, a);
    boolean doubles = found.computeType == NumberType.F64;
    supported(
        a.type() == c.type()
            && a.type() != NumberType.I32
            && doubles == (a.type() == NumberType.F64),
        "%s to %s in %s",
        a.type(),
        c.type(),
        found.computeType);
    return found;
  }

  /** {@code C = alpha * reduce(A) + beta * C}. */
  int cudnnReduceTensor(
      MemorySegment handle,
      MemorySegment descriptor,
      MemorySegment indices,
      long indicesBytes,
      MemorySegment workspace,
      long workspaceBytes,
      MemorySegment alpha,
      MemorySegment aDesc,
      MemorySegment a,
      MemorySegment beta,
      MemorySegment cDesc,
      MemorySegment c) {
    CudnnHandle dnn = context.handle(handle);
    TensorShape source = context.tensor(aDesc, "aDesc");
    TensorShape result = context.tensor(cDesc, "cDesc");
    ReduceTensorDescriptor found = check(descriptor, source, result);
    ReduceTensorDescriptor.Operation operation = found.operation;
    boolean propagateNan = found.propagateNan;
    require(
        workspace.address() != 0 && workspaceBytes >= workspace(source),
        "a workspace of %d bytes, and %d are wanted",
        workspaceBytes,
        workspace(source));
    double aFactor = context.factor(alpha, source.type(), "alpha");
    double cFactor = context.factor(beta, source.type(), "beta");
    StridedArray from = at(source, a, "A");
    StridedArray to = at(result, c, "C");
    StridedArray expanded = result.at(c.address(), source);
    return context.submit(
        dnn,
        "cudnnReduceTensor",
        () -> {
          memory.at(workspace.address(), workspaceBytes).fill(DeviceBlocks.NOISE);
          checkApart(to, from);
          double[] values = from.read(memory);
          int[] places = expanded.places(to);
          double[] sums = new double[to.count()];
          int[] counts = new int[to.count()];
          Arrays.fill(sums, operation.begin());
          for (int i = 0; i < values.length; i++) {
            sums[places[i]] = operation.add(sums[places[i]], values[i], propagateNan);
            counts[places[i]]++;
          }
          Arrays.setAll(sums, i -> operation.end(sums[i], counts[i]));
          to.blend(memory, aFactor, sums, cFactor);
        });
  }
}
