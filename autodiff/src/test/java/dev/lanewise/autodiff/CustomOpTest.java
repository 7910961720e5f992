package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.Backends;
import org.junit.jupiter.api.Test;

/** Operations of one's own. */
class CustomOpTest {
  private static final CustomOp CUBE =
      CustomOp.of(
          "cube",
          (call, in) -> {
            call.save(in[0]);
            return in[0].square().mul(in[0]);
          },
          (call, up) -> new Tensor[] {call.saved(0).square().mul(3).mul(up)});

  /** eˣ, which keeps its result. */
  private static final CustomOp EXP =
      CustomOp.of(
          "myExp",
          (call, in) -> {
            Tensor y = in[0].exp();
            call.save(y);
            return y;
          },
          (call, up) -> new Tensor[] {up.mul(call.saved(0))});

  private static final CustomOp SCALED_PRODUCT =
      CustomOp.of(
          "scaledProduct",
          (call, in) -> {
            call.save(in[0], in[1]);
            return in[0].mul(in[1]).mul(2);
          },
          (call, up) ->
              new Tensor[] {
                call.needs(0) ? call.saved(1).mul(2).mul(up) : null,
                call.needs(1) ? call.saved(0).mul(2).mul(up) : null
              });

  /** Sum and product of two tensors, and how many elements there are. */
  private static final class SumAndProduct extends CustomOp {
    SumAndProduct() {
      super("sumAndProduct");
    }

    @Override
    protected Tensor[] forward(Call call, Tensor... in) {
      call.save(in);
      Tensor count = Tensor.of(in[0].backend(), new long[] {in[0].size()});
      return new Tensor[] {in[0].add(in[1]), in[0].mul(in[1]), count};
    }

    @Override
    protected Tensor[] backward(Call call, Tensor... ups) {
      return new Tensor[] {
        ups[0].add(ups[1].mul(call.saved(1))), ups[0].add(ups[1].mul(call.saved(0)))
      };
    }
  }

  private static Tensor leaf(float... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  private static CustomOp giving(Tensor... gradients) {
    return CustomOp.of("odd", (_, in) -> in[0].mul(1), (_, _) -> gradients);
  }

  @Test
  void gradientsOfBothOrders() {
    Tensor x = Numbers.signed(Backends.best(), 1, 2, 3);
    Tensor y = Numbers.signed(Backends.best(), 2, 2, 3);
    for (CustomOp op : new CustomOp[] {CUBE, EXP}) {
      GradientCheck.of(op::apply).require(x);
      GradientCheck.of(op::apply).ofGradient().require(x);
      GradientCheck.of(in -> op.apply(in[0].mul(0.5)).sum(0)).require(x.transpose());
    }
    GradientCheck.of(SCALED_PRODUCT::apply).require(x, y);
    GradientCheck.of(SCALED_PRODUCT::apply).ofGradient().require(x, y);
  }

  @Test
  void severalResults() {
    SumAndProduct op = new SumAndProduct();
    Tensor x = Numbers.signed(Backends.best(), 1, 2, 3);
    Tensor y = Numbers.signed(Backends.best(), 2, 2, 3);
    GradientCheck both =
        GradientCheck.of(
            in -> {
              Tensor[] results = op.applyAll(in);
              return results[0].square().mul(results[1]);
            });
    GradientCheck second = GradientCheck.of(in -> op.applyAll(in)[1].exp());
    GradientCheck twice =
        GradientCheck.of(
            in -> {
              Tensor[] results = op.applyAll(in);
              return results[1].exp().add(results[1]).mul(results[0]);
            });
    for (GradientCheck check : new GradientCheck[] {both, second, twice}) {
      check.require(x, y);
      check.ofGradient().require(x, y);
    }
    Tensor[] results = op.applyAll(leaf(1, 2), leaf(3, 4));
    assertArrayEquals(new long[] {2}, results[2].toLongArray());
    assertFalse(results[2].requiresGrad());
    assertEquals("sumAndProduct", results[1].gradFn());
    assertThrows(IllegalArgumentException.class, () -> op.apply(x, y));
  }

  @Test
  void aWalkLeavesNothingForTheNext() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    Tensor[] results = new SumAndProduct().applyAll(x, y);
    GradientHook hook =
        results[0].onGradient(
            _ -> {
              throw new IllegalStateException("stop");
            });
    Tensor both = results[1].add(results[0]).sum();
    assertThrows(IllegalStateException.class, () -> both.backward(true));
    hook.remove();
    results[0].sum().backward(true); // the product's gradient of before is forgotten
    assertArrayEquals(new float[] {1, 1}, x.grad().toFloatArray());
    results[1].sum().backward();
    assertArrayEquals(new float[] {1 + 3, 1 + 4}, x.grad().toFloatArray());
  }

  @Test
  void nothingIsRecordedWithoutNeed() {
    Tensor x = Tensor.of(new float[] {2});
    assertNull(CUBE.apply(x).gradFn());
    Tensor p = leaf(2);
    assertEquals("cube", CUBE.apply(p).gradFn());
    try (Grad _ = Grad.off()) {
      assertNull(CUBE.apply(p).gradFn());
    }
    Tensor half = SCALED_PRODUCT.apply(p, x);
    half.backward();
    assertEquals(4, p.grad().item());
  }

  @Test
  void inputsThatAreHandedThroughStayThemselves() {
    CustomOp same = CustomOp.of("same", (_, in) -> in[0], (_, up) -> new Tensor[] {up.neg()});
    Tensor x = leaf(1, 2);
    Tensor y = same.apply(x);
    assertNotSame(x, y);
    y.mul(3).sum().backward();
    assertArrayEquals(new float[] {-3, -3}, x.grad().toFloatArray());
    Tensor h = x.mul(1);
    assertEquals("same", same.apply(h).gradFn());
    assertEquals("mul", h.gradFn());
  }

  @Test
  void savedGradientsAreNotAddedTo() {
    Tensor kept = Tensor.of(new float[] {5, 6});
    CustomOp op = giving(kept);
    Tensor x = leaf(1, 2);
    op.apply(x).add(x.mul(2)).add(op.apply(x)).sum().backward();
    assertArrayEquals(new float[] {12, 14}, x.grad().toFloatArray());
    op.apply(x).sum().backward();
    assertArrayEquals(new float[] {17, 20}, x.grad().toFloatArray());
    assertArrayEquals(new float[] {5, 6}, kept.toFloatArray());
  }

  @Test
  void noGradient() {
    Tensor x = leaf(1, 2);
    assertNull(Gradients.of(giving((Tensor) null).apply(x).sum(), x)[0]);
  }

  @Test
  void wrongGradientsAreNamed() {
    Tensor x = leaf(1, 2);
    for (CustomOp op :
        new CustomOp[] {
          giving(Tensor.zeros(3)), giving(), giving(x, x), giving(Tensor.zeros(2).cast(DType.F64))
        }) {
      Tensor loss = op.apply(x).sum();
      String text = assertThrows(GradientException.class, loss::backward).getMessage();
      assertTrue(text.contains("custom operation 'odd'"), text);
      assertNull(x.grad());
    }
    CustomOp none = CustomOp.of("none", (_, _) -> null, (_, up) -> new Tensor[] {up});
    assertThrows(IllegalArgumentException.class, () -> none.apply(x));
  }

  @Test
  void changesOfWhatWasSavedAreFound() {
    Tensor x = leaf(1, 2);
    Tensor loss = CUBE.apply(x).sum();
    try (Grad _ = Grad.off()) {
      x.addInPlace(1);
    }
    String text = assertThrows(GradientException.class, loss::backward).getMessage();
    assertTrue(text.contains("'cube'") && text.contains("'addInPlace'"), text);
    Tensor y = EXP.apply(x);
    y.mulInPlace(2);
    assertThrows(GradientException.class, y.sum()::backward);
  }

  @Test
  void backwardMayWriteIntoItsOwnTensors() {
    CustomOp op =
        CustomOp.of(
            "own",
            (call, in) -> {
              call.save(in[0]);
              return in[0].square();
            },
            (call, up) -> {
              Tensor g = Tensor.zerosLike(up);
              g.addInPlace(call.saved(0)).mulInPlace(2).mulInPlace(up);
              return new Tensor[] {g};
            });
    GradientCheck.of(op::apply).require(Numbers.signed(Backends.best(), 1, 3));
    GradientCheck.of(op::apply).ofGradient().require(Numbers.signed(Backends.best(), 1, 3));
  }
}
