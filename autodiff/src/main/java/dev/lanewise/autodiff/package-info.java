/**
 * Tensors with gradients above the kernels.
 *
 * <p>Start with {@link dev.lanewise.autodiff.Tensor}: an {@link dev.lanewise.array.NdArray} that
 * remembers how it was made. Gradients are had in the manner of PyTorch, {@link
 * dev.lanewise.autodiff.Tensor#backward()}; of TensorFlow, {@link dev.lanewise.autodiff.Tape}; or
 * as values, {@link dev.lanewise.autodiff.Gradients}. One engine is under all three, and gradients
 * are written in the same operations, so that they can be differentiated again. {@link
 * dev.lanewise.autodiff.GradientCheck} compares a function's gradient with finite differences.
 *
 * <p>{@link dev.lanewise.autodiff.Functional} has Jacobian and Hessian matrices, {@link
 * dev.lanewise.autodiff.CustomOp} operations of one's own, {@link dev.lanewise.autodiff.Checkpoint}
 * gradients in less memory, {@link dev.lanewise.autodiff.InPlaceOps} what writes into a tensor.
 * Layers, losses and optimizers are not here.
 *
 * <h2>Training loops and scopes</h2>
 *
 * <p>Parameters are made outside; each step opens a {@link dev.lanewise.array.Scope}, in which
 * everything else lives. What {@code backward()} puts into {@code grad()} is made inside the step
 * and dies with it, so that each step starts with {@code zeroGrad()}:
 *
 * {@snippet :
 * Tensor w = Tensor.zeros(3).requiresGrad(true);
 * Expr descent = Expr.arg(0).sub(Expr.arg(1).mul(Expr.param(0)));
 * for (int step = 0; step < steps; step++) {
 *   try (Scope scope = Scope.open("step")) {
 *     w.zeroGrad();
 *     x.mul(w).sum().backward();
 *     w.backend().elementwise(descent, w.data(), rate, w.data(), w.grad().data());
 *   }
 * }
 * }
 *
 * <p>Gradients that are to grow over several scopes are moved out: {@code scope.keep(w.grad())}.
 */
package dev.lanewise.autodiff;
