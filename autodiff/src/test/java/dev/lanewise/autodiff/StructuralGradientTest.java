package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.kernel.Window;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation that is not elementwise against finite differences, first and second order. */
class StructuralGradientTest {

  /** An operation, named by its method, with inputs' shapes. */
  private record Case(String op, Function<Tensor[], Tensor> function, int[]... shapes) {
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(op);
      for (int[] shape : shapes) {
        text.append(' ').append(Shape.of(shape));
      }
      return text.toString();
    }
  }

  private static final List<Case> CASES = new ArrayList<>();

  private static void add(String op, Function<Tensor[], Tensor> function, int[]... shapes) {
    CASES.add(new Case(op, function, shapes));
  }

  private static int[] s(int... dims) {
    return dims;
  }

  private static Tensor at(Tensor like, int[] values, int... dims) {
    return Tensor.of(like.backend(), values, dims);
  }

  static {
    reductions();
    shapes();
    products();
    windows();
    indices();
    rows();
  }

  private static void reductions() {
    for (int[] axes : new int[][] {{}, {0}, {1}, {-1}, {2, 0}}) {
      int[] shape = s(2, 3, 2);
      add("sum", in -> in[0].sum(axes).square(), shape);
      add("sum", in -> in[0].square().sum(true, axes), shape);
      add("mean", in -> in[0].mean(axes).exp(), shape);
      add("mean", in -> in[0].transpose().mean(true, axes).square(), shape);
      add("variance", in -> in[0].variance(axes), shape);
      add("variance", in -> in[0].transpose().variance(true, axes).sqrt(), shape);
      add("max", in -> in[0].max(axes).square(), shape);
      add("max", in -> in[0].transpose().max(true, axes).exp(), shape);
      add("min", in -> in[0].min(axes).square(), shape);
      add("min", in -> in[0].slice(2, 1, 2).min(true, axes).exp(), shape);
      add("prod", in -> in[0].prod(axes), shape);
      add("prod", in -> in[0].transpose().prod(true, axes), shape);
      add("logSumExp", in -> in[0].logSumExp(axes), shape);
      add("logSumExp", in -> in[0].transpose().logSumExp(true, axes).square(), shape);
    }
    for (int[] shape : new int[][] {{}, {1}, {1, 1}}) {
      add("sum", in -> in[0].sum().square(), shape);
      add("mean", in -> in[0].mean().square(), shape);
      add("max", in -> in[0].max().square(), shape);
      add("min", in -> in[0].min().square(), shape);
      add("prod", in -> in[0].prod().square(), shape);
      add("variance", in -> in[0].variance(), shape);
      add("logSumExp", in -> in[0].logSumExp().square(), shape);
    }
    add("sum", in -> in[0].sum(1).square(), s(3, 0));
    add("sum", in -> in[0].sum(0).square(), s(3, 0));
    add("mean", in -> in[0].mean(0), s(3, 0));
    add("prod", in -> in[0].prod(1).mul(in[1]), s(3, 0), s(3));
    add("max", in -> in[0].max(0), s(3, 0));
    // A zero factor: the product's gradient has no division to fail by.
    add("prod", in -> in[0].sub(in[0].slice(0, 1, 2)).prod(), s(5));
    add("argMax", in -> in[0].argMax(1).cast(DType.F64), s(2, 3));
  }

  private static void shapes() {
    add("reshape", in -> in[0].reshape(3, 2).square(), s(2, 3));
    add("reshape", in -> in[0].transpose().reshape(2, -1).square(), s(2, 3));
    add("reshape", in -> in[0].broadcastTo(2, 3).reshape(-1).square(), s(3));
    add("reshape", in -> in[0].square().reshape(Shape.of(3, 0)), s(0, 2));
    add("flatten", in -> in[0].flatten(1).square(), s(2, 3, 2));
    add("flatten", in -> in[0].permute(2, 0, 1).flatten(0).square(), s(2, 3, 2));
    add("expandDims", in -> in[0].expandDims(-1).mul(in[0].expandDims(0)), s(3));
    add("squeeze", in -> in[0].squeeze().square(), s(1, 3, 1));
    add("squeeze", in -> in[0].squeeze(-1).square(), s(1, 3, 1));
    add("permute", in -> in[0].permute(2, 0, -2).square(), s(2, 3, 4));
    add("transpose", in -> in[0].transpose().square(), s(2, 3));
    add("transpose", in -> in[0].transpose(0, -1).exp(), s(2, 3, 2));
    add("slice", in -> in[0].slice(1, 1, 3).square(), s(2, 4));
    add("slice", in -> in[0].slice(-1, 1, 5, 3).square(), s(2, 5));
    add("slice", in -> in[0].square().slice(0, 1, 1), s(2, 3));
    add("broadcastTo", in -> in[0].broadcastTo(4, 2, 3).square(), s(2, 1));
    add("broadcastTo", in -> in[0].square().broadcastTo(Shape.of(2, 2)), s());
    add("broadcastTo", in -> in[0].square().broadcastTo(0, 3), s(3));
    add("copy", in -> in[0].transpose().copy().square(), s(2, 3));
    add("concat", in -> Tensor.concat(1, in[0], in[1].square(), in[0]).exp(), s(2, 3), s(2, 1));
    add("concat", in -> Tensor.concat(-1, in[0].transpose(), in[1]).exp(), s(2, 3), s(3, 0));
    add("stack", in -> Tensor.stack(-1, in[0], in[1]).square(), s(2, 3), s(2, 3));
    add("cast", in -> in[0].cast(DType.F64).square(), s(2, 3));
    add("to", in -> in[0].to(in[0].backend()).square(), s(2, 3));
  }

  private static void products() {
    add("matmul", in -> in[0].matmul(in[1]), s(2, 3), s(3, 4));
    add("matmul", in -> in[0].transpose().matmul(in[1].transpose()), s(3, 2), s(4, 3));
    add("matmul", in -> in[0].matmul(in[1]), s(2, 2, 3), s(2, 3, 2));
    add("matmul", in -> in[0].matmul(in[1]), s(2, 2, 3), s(3, 2));
    add("matmul", in -> in[0].permute(1, 0, 2).matmul(in[1]), s(2, 2, 3), s(3, 2));
    add("matmul", in -> in[0].matmul(in[1]), s(2, 3), s(4, 3, 2));
    add("matmul", in -> in[0].matmul(in[1]), s(2, 1, 1, 3), s(3, 3, 2));
    add("matmul", in -> in[0].slice(1, 0, 6, 2).matmul(in[1]), s(2, 6), s(3, 1));
    add("matmul", in -> in[0].matmul(in[1]), s(1, 1), s(1, 1));
    add("matmul", in -> in[0].matmul(in[1]), s(0, 3), s(3, 2));
    add("matmul", in -> in[0].matmul(in[1]), s(2, 0), s(0, 2));
    add("matmul", in -> in[0].matmul(in[1]), s(0, 2, 3), s(3, 2));
    add("matmul", in -> in[0].matmul(in[0].transpose()), s(2, 3));
    add("affine", in -> in[0].affine(in[1], in[2]), s(2, 3), s(3, 4), s(4));
    add("affine", in -> in[0].affine(in[1], in[2]), s(2, 2, 3), s(3, 2), s(2));
    add("affine", in -> in[0].affine(in[1], in[2]), s(2, 2, 3), s(3, 2), s(2, 2, 1));
    for (UnaryOp op : new UnaryOp[] {UnaryOp.RELU, UnaryOp.TANH, UnaryOp.SILU}) {
      add("affine", in -> in[0].affine(in[1], in[2], op), s(2, 3), s(3, 4), s(4));
    }
    add("affine", in -> in[0].affine(in[0].transpose(), in[0].sum(1), UnaryOp.EXP), s(2, 3));
  }

  private static void windows() {
    Window plain = Window.of(2);
    add("conv", in -> in[0].conv(in[1], plain, 1), s(2, 2, 5), s(3, 2, 2));
    Window rich =
        Window.of(3, 2).withStride(2, 1).withPadding(1, 0).withDilation(1, 2).withStride(2, 1);
    add("conv", in -> in[0].conv(in[1], rich, 2), s(1, 4, 5, 4), s(2, 2, 3, 2));
    add(
        "conv",
        in -> in[0].transpose().conv(in[1].transpose(), Window.of(2, 2).withSamePadding(), 1),
        s(2, 1, 3, 4),
        s(2, 1, 2, 2));
    add("conv", in -> in[0].conv(in[1], Window.of(1, 2, 1), 1), s(1, 1, 2, 3, 2), s(1, 1, 1, 2, 1));
    add("conv", in -> in[0].conv(in[1], plain, 1), s(0, 2, 5), s(3, 2, 2));
    add("conv", in -> in[0].conv(in[1], in[2], plain, 1), s(2, 2, 5), s(3, 2, 2), s(3));
    for (UnaryOp op : new UnaryOp[] {UnaryOp.RELU, UnaryOp.SIGMOID, UnaryOp.SILU}) {
      add("conv", in -> in[0].conv(in[1], in[2], op, rich, 2), s(1, 4, 5, 4), s(2, 2, 3, 2), s(2));
    }
    Window strided = Window.of(3, 3).withStride(2, 2).withPadding(1, 1);
    add(
        "convTranspose",
        in -> in[0].convTranspose(in[1], strided, 1, 6, 5),
        s(1, 2, 3, 3),
        s(2, 1, 3, 3));
    Window halves = Window.of(2, 2).withStride(2, 2);
    add("maxPool", in -> in[0].maxPool(halves).square(), s(1, 2, 4, 5));
    Window overlapping = Window.of(3, 3).withStride(1, 2).withPadding(1, 1);
    add("maxPool", in -> in[0].transpose().maxPool(overlapping).square(), s(1, 2, 4, 3));
    add("maxPool", in -> in[0].maxPool(Window.of(2)).exp(), s(2, 1, 4));
    add("avgPool", in -> in[0].avgPool(overlapping).square(), s(1, 2, 4, 3));
  }

  private static void indices() {
    add("gather", in -> in[0].gather(0, at(in[0], new int[] {2, 0, 2, 1}, 2, 2)).square(), s(3, 2));
    add(
        "gather",
        in -> in[0].transpose().gather(-1, at(in[0], new int[] {1, 0, 1}, 3, 1)).exp(),
        s(2, 3));
    add("gather", in -> in[0].square().gather(0, at(in[0], new int[0], 0, 2)), s(3, 2));
    add(
        "scatterAdd",
        in -> in[0].scatterAdd(1, at(in[0], new int[] {2, 2, 0, 1}, 2, 2), in[1]).square(),
        s(2, 3),
        s(2, 2));
    add(
        "indexSelect",
        in -> in[0].indexSelect(0, at(in[0], new int[] {1, 1, 0, 2}, 4)).square(),
        s(3, 2));
    add(
        "indexSelect",
        in -> in[0].indexSelect(-1, at(in[0], new int[] {1, 1, 0}, 3)).exp(),
        s(2, 2, 2));
    add(
        "indexAdd",
        in -> in[0].indexAdd(1, at(in[0], new int[] {2, 2, 0}, 3), in[1]).square(),
        s(2, 3),
        s(2, 3));
    add(
        "oneHot",
        in -> at(in[0], new int[] {1, 0}, 2).oneHot(3, DType.F64).mul(in[0].square()),
        s(2, 3));
  }

  private static void rows() {
    for (int axis : new int[] {0, 1, -1}) {
      add("softmax", in -> in[0].softmax(axis), s(2, 3));
      add("softmax", in -> in[0].transpose().softmax(axis).square(), s(2, 3));
      add("logSoftmax", in -> in[0].logSoftmax(axis), s(2, 3));
      add("logSoftmax", in -> in[0].transpose().logSoftmax(axis).exp(), s(2, 3));
    }
    add("softmax", in -> in[0].softmax(1), s(2, 1));
    add("softmax", in -> in[0].softmax(1), s(0, 3));
    add("logSoftmax", in -> in[0].logSoftmax(1), s(0, 3));
    add("crossEntropy", in -> in[0].crossEntropy(at(in[0], new int[] {2, 0, 1}, 3)), s(3, 4));
    add(
        "crossEntropy",
        in -> in[0].transpose().crossEntropy(at(in[0], new int[] {2, 0}, 2)).square(),
        s(3, 2));
    add("crossEntropy", in -> in[0].crossEntropy(at(in[0], new int[] {0}, 1)).mean(), s(1, 1));
    add("crossEntropy", in -> in[0].crossEntropy(at(in[0], new int[0], 0)).sum(), s(0, 3));
  }

  static Stream<Arguments> cases() {
    return Numbers.backends().flatMap(b -> CASES.stream().map(c -> Arguments.of(b, c)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradients(Backend backend, Case c) {
    Tensor[] inputs = new Tensor[c.shapes.length];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = Numbers.signed(backend, i + 1, c.shapes[i]);
    }
    GradientCheck check = GradientCheck.of(c.function);
    check.require(inputs);
    check.ofGradient().require(inputs);
  }

  @Test
  void everyOperationIsChecked() {
    Set<String> checked = new TreeSet<>();
    CASES.forEach(c -> checked.add(c.op));
    Set<String> operations = new TreeSet<>();
    List<Class<?>> families = new ArrayList<>(List.of(Tensor.class.getInterfaces()));
    families.removeAll(
        List.of(ElementwiseOps.class, FunctionOps.class, ActivationOps.class, GradOps.class));
    for (Class<?> family : families) {
      for (Method m : family.getDeclaredMethods()) {
        boolean open = Modifier.isPublic(m.getModifiers()) && !m.isSynthetic();
        if (open && m.getReturnType() == Tensor.class) {
          operations.add(m.getName());
        }
      }
    }
    operations.addAll(Set.of("concat", "stack"));
    assertEquals(operations, checked);
  }
}
