package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CudnnContext.SUCCESS;
import static dev.lanewise.cuda.fake.CudnnContext.at;
import static dev.lanewise.cuda.fake.CudnnContext.checkApart;
import static dev.lanewise.cuda.fake.CudnnContext.choice;
import static dev.lanewise.cuda.fake.CudnnContext.notNull;
import static dev.lanewise.cuda.fake.CudnnContext.require;
import static dev.lanewise.cuda.fake.CudnnContext.supported;

import dev.lanewise.cuda.simt.DeviceAccess;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The functions of cuDNN that work element by element. */
final class CudnnElementwise {

  private final CudnnContext context;
  private final DeviceAccess memory;

  CudnnElementwise(CudnnContext context) {
    this.context = context;
    this.memory = context.cuda.blocks;
  }

  int cudnnCreateOpTensorDescriptor(MemorySegment descriptor) {
    return context.create(descriptor, OpTensorDescriptor::new);
  }

  int cudnnDestroyOpTensorDescriptor(MemorySegment descriptor) {
    return context.destroy(OpTensorDescriptor.class, descriptor);
  }

  int cudnnSetOpTensorDescriptor(
      MemorySegment descriptor, int operation, int computeType, int nanOption) {
    var found = context.cuda.handles.get(OpTensorDescriptor.class, descriptor);
    var chosen = choice(OpTensorDescriptor.Operation.values(), operation, "opTensorOp");
    NumberType type = CudnnContext.type(computeType);
    require(type != NumberType.I32, "opTensorCompType is an integer");
    require(nanOption == 0 || nanOption == 1, "opTensorNanOpt is %d", nanOption);
    found.operation = chosen;
    found.computeType = type;
    found.propagateNan = nanOption == 1;
    return SUCCESS;
  }

  /**
   * {@code C = op(alpha1 * A, alpha2 * B) + beta * C}. Documentation of cudnnOpTensor: A is shaped
   * as C; each dimension of B is that of A or 1; at most 5 dimensions; B may be C only if A is C
   * too.
   */
  int cudnnOpTensor(
      MemorySegment handle,
      MemorySegment operation,
      MemorySegment alpha1,
      MemorySegment aDesc,
      MemorySegment a,
      MemorySegment alpha2,
      MemorySegment bDesc,
      MemorySegment b,
      MemorySegment beta,
      MemorySegment cDesc,
      MemorySegment c) {
    CudnnHandle dnn = context.handle(handle);
    var found = context.cuda.handles.get(OpTensorDescriptor.class, operation);
    require(found.operation != null, "opTensorDesc is not set");
    OpTensorDescriptor.Operation op = found.operation;
    boolean propagateNan = found.propagateNan;
    TensorShape left = context.tensor(aDesc, "aDesc");
    TensorShape result = context.tensor(cDesc, "cDesc");
    // an operation of one operand may come without the other
    TensorShape right = op.binary() ? context.tensor(bDesc, "bDesc") : left;
    require(left.sameDims(result), "A is %s, C is %s", left, result);
    require(right.expandsTo(left), "B is %s, A is %s", right, left);
    supported(result.rank() <= 5, "cudnnOpTensor of %d dimensions", result.rank());
    boolean doubles = found.computeType == NumberType.F64;
    supported(
        left.type() == result.type()
            && right.type() == result.type()
            && result.type() != NumberType.I32
            && doubles == (result.type() == NumberType.F64),
        "%s and %s to %s in %s",
        left.type(),
        right.type(),
        result.type(),
        found.computeType);
    require(
        !op.binary() || b.address() != c.address() || a.address() == c.address(),
        "B is C, and A is not");
    double aFactor = context.factor(alpha1, result.type(), "alpha1");
    double bFactor = op.binary() ? context.factor(alpha2, result.type(), "alpha2") : 0;
    double cFactor = context.factor(beta, result.type(), "beta");
    StridedArray from = at(left, a, "A");
    if (op.binary()) {
      notNull(b, "B");
    }
    StridedArray other = op.binary() ? right.at(b.address(), result) : from;
    StridedArray to = at(result, c, "C");
    return context.submit(
        dnn,
        "cudnnOpTensor",
        () -> {
          checkInPlace(to, from);
          checkInPlace(to, other);
          double[] x = from.read(memory);
          double[] y = other.read(memory);
          Arrays.setAll(x, i -> op.of(aFactor * x[i], bFactor * y[i], propagateNan));
          to.blend(memory, 1, x, cFactor);
        });
  }

  /** {@code C = alpha * A + beta * C}; each dimension of A is that of C or 1, at most 5. */
  int cudnnAddTensor(
      MemorySegment handle,
      MemorySegment alpha,
      MemorySegment aDesc,
      MemorySegment a,
      MemorySegment beta,
      MemorySegment cDesc,
      MemorySegment c) {
    CudnnHandle dnn = context.handle(handle);
    TensorShape added = context.tensor(aDesc, "aDesc");
    TensorShape result = context.tensor(cDesc, "cDesc");
    require(added.expandsTo(result), "A is %s, C is %s", added, result);
    require(added.type() == result.type(), "A is %s, C is %s", added.type(), result.type());
    supported(result.rank() <= 5, "cudnnAddTensor of %d dimensions", result.rank());
    double aFactor = context.factor(alpha, result.type(), "alpha");
    double cFactor = context.factor(beta, result.type(), "beta");
    notNull(a, "A");
    StridedArray from = added.at(a.address(), result);
    StridedArray to = at(result, c, "C");
    return context.submit(
        dnn,
        "cudnnAddTensor",
        () -> {
          checkApart(to, from);
          to.blend(memory, aFactor, from.read(memory), cFactor);
        });
  }

  /** {@code y = alpha * x + beta * y} for two layouts of one shape, which must not overlap. */
  int cudnnTransformTensor(
      MemorySegment handle,
      MemorySegment alpha,
      MemorySegment xDesc,
      MemorySegment x,
      MemorySegment beta,
      MemorySegment yDesc,
      MemorySegment y) {
    CudnnHandle dnn = context.handle(handle);
    TensorShape source = context.tensor(xDesc, "xDesc");
    TensorShape result = context.tensor(yDesc, "yDesc");
    require(source.sameDims(result), "x is %s, y is %s", source, result);
    require(source.type() == result.type(), "x is %s, y is %s", source.type(), result.type());
    double xFactor = context.factor(alpha, result.type(), "alpha");
    double yFactor = context.factor(beta, result.type(), "beta");
    StridedArray from = at(source, x, "x");
    StridedArray to = at(result, y, "y");
    return context.submit(
        dnn,
        "cudnnTransformTensor",
        () -> {
          checkApart(to, from);
          to.blend(memory, xFactor, from.read(memory), yFactor);
        });
  }

  int cudnnScaleTensor(
      MemorySegment handle, MemorySegment yDesc, MemorySegment y, MemorySegment alpha) {
    CudnnHandle dnn = context.handle(handle);
    TensorShape shape = context.tensor(yDesc, "yDesc");
    double factor = context.factor(alpha, shape.type(), "alpha");
    StridedArray tensor = at(shape, y, "y");
    return context.submit(
        dnn,
        "cudnnScaleTensor",
        () -> {
          checkApart(tensor);
          tensor.blend(memory, factor, tensor.read(memory), 0);
        });
  }

  /** The value lies in host memory and has the type of the tensor. */
  int cudnnSetTensor(
      MemorySegment handle, MemorySegment yDesc, MemorySegment y, MemorySegment value) {
    CudnnHandle dnn = context.handle(handle);
    TensorShape shape = context.tensor(yDesc, "yDesc");
    notNull(value, "valuePtr");
    NumberType type = shape.type();
    double number = type.get(context.cuda.host.at(value, type.bytes()), 0);
    StridedArray tensor = at(shape, y, "y");
    return context.submit(
        dnn,
        "cudnnSetTensor",
        () -> {
          double[] values = new double[tensor.count()];
          Arrays.fill(values, number);
          tensor.write(memory, values);
        });
  }

  private static void checkInPlace(StridedArray result, StridedArray operand) {
    if (!result.sameAs(operand)) {
      checkApart(result, operand);
    }
  }
}
