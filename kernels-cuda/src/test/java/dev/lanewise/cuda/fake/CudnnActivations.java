package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CudnnContext.SUCCESS;
import static dev.lanewise.cuda.fake.CudnnContext.at;
import static dev.lanewise.cuda.fake.CudnnContext.checkApart;
import static dev.lanewise.cuda.fake.CudnnContext.choice;
import static dev.lanewise.cuda.fake.CudnnContext.require;
import static dev.lanewise.cuda.fake.CudnnContext.supported;

import dev.lanewise.cuda.simt.DeviceAccess;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The activations of cuDNN. */
final class CudnnActivations {

  private final CudnnContext context;
  private final DeviceAccess memory;

  CudnnActivations(CudnnContext context) {
    this.context = context;
    this.memory = context.cuda.blocks;
  }

  int cudnnCreateActivationDescriptor(MemorySegment descriptor) {
    return context.create(descriptor, ActivationDescriptor::new);
  }

  int cudnnDestroyActivationDescriptor(MemorySegment descriptor) {
    return context.destroy(ActivationDescriptor.class, descriptor);
  }

  int cudnnSetActivationDescriptor(
      MemorySegment descriptor, int mode, int nanOption, double coefficient) {
    var found = context.cuda.handles.get(ActivationDescriptor.class, descriptor);
    var chosen = choice(ActivationDescriptor.Mode.values(), mode, "activation mode");
    require(nanOption == 0 || nanOption == 1, "reluNanOpt is %d", nanOption);
    found.mode = chosen;
    found.propagateNan = nanOption == 1;
    found.coefficient = coefficient;
    return SUCCESS;
  }

  int cudnnSetActivationDescriptorSwishBeta(MemorySegment descriptor, double beta) {
    context.cuda.handles.get(ActivationDescriptor.class, descriptor).swishBeta = beta;
    return SUCCESS;
  }

  /** Documentation of cudnnActivationMode_t: the identity is for the fused convolution only. */
  private ActivationDescriptor activation(MemorySegment descriptor) {
    var found = context.cuda.handles.get(ActivationDescriptor.class, descriptor);
    require(found.mode != null, "activationDesc is not set");
    require(found.mode != ActivationDescriptor.Mode.IDENTITY, "the mode is the identity");
    return found.copy();
  }

  private static void same(TensorShape a, TensorShape b) {
    require(a.sameDims(b) && a.type() == b.type(), "%s and %s differ", a, b);
    supported(a.type() != NumberType.I32, "an activation of integers");
  }

  int cudnnActivationForward(
      MemorySegment handle,
      MemorySegment descriptor,
      MemorySegment alpha,
      MemorySegment xDesc,
      MemorySegment x,
      MemorySegment beta,
      MemorySegment yDesc,
      MemorySegment y) {
    CudnnHandle dnn = context.handle(handle);
    ActivationDescriptor activation = activation(descriptor);
    TensorShape source = context.tensor(xDesc, "xDesc");
    TensorShape result = context.tensor(yDesc, "yDesc");
    same(source, result);
    double xFactor = context.factor(alpha, result.type(), "alpha");
    double yFactor = context.factor(beta, result.type(), "beta");
    StridedArray from = at(source, x, "x");
    StridedArray to = at(result, y, "y");
    require(x.address() != y.address() || source.sameStrides(result), "in place, other strides");
    return context.submit(
        dnn,
        "cudnnActivationForward",
        () -> {
          if (!to.sameAs(from)) {
            checkApart(to, from);
          }
          double[] values = from.read(memory);
          Arrays.setAll(values, i -> activation.apply(values[i]));
          to.blend(memory, xFactor, values, yFactor);
        });
  }

  /**
   * {@code dx = alpha * dy * f'(x) + beta * dx}. Documentation of cudnnActivationBackward: dx and
   * dy may be one tensor; the strides of x and dx are the same, and those of y and dy.
   */
  int cudnnActivationBackward(
      MemorySegment handle,
      MemorySegment descriptor,
      MemorySegment alpha,
      MemorySegment yDesc,
      MemorySegment y,
      MemorySegment dyDesc,
      MemorySegment dy,
      MemorySegment xDesc,
      MemorySegment x,
      MemorySegment beta,
      MemorySegment dxDesc,
      MemorySegment dx) {
    CudnnHandle dnn = context.handle(handle);
    ActivationDescriptor activation = activation(descriptor);
    TensorShape output = context.tensor(yDesc, "yDesc");
    TensorShape change = context.tensor(dyDesc, "dyDesc");
    TensorShape input = context.tensor(xDesc, "xDesc");
    TensorShape result = context.tensor(dxDesc, "dxDesc");
    same(output, change);
    same(change, input);
    same(input, result);
    supported(input.sameStrides(result), "x of other strides than dx");
    supported(output.sameStrides(change), "y of other strides than dy");
    double factor = context.factor(alpha, result.type(), "alpha");
    double old = context.factor(beta, result.type(), "beta");
    StridedArray xs = at(input, x, "x");
    StridedArray ys = at(output, y, "y");
    StridedArray dys = at(change, dy, "dy");
    StridedArray to = at(result, dx, "dx");
    return context.submit(
        dnn,
        "cudnnActivationBackward",
        () -> {
          checkApart(to, xs, ys);
          if (!to.sameAs(dys)) {
            checkApart(to, dys);
          }
          double[] ins = xs.read(memory);
          double[] outs = ys.read(memory);
          double[] changes = dys.read(memory);
          Arrays.setAll(changes, i -> changes[i] * activation.derivative(ins[i], outs[i]));
          to.blend(memory, factor, changes, old);
        });
  }
}
