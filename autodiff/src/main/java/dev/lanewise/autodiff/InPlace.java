package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;

/**
 * What the operations that write into a tensor compute with. A recorded one takes the tensor's
 * place in the graph; where its gradient needs the old numbers again, it keeps a copy of them.
 */
final class InPlace {
  private static final Expr P = Expr.param(0);

  private InPlace() {}

  /** Writes one number, rounded to the array's type, over all elements. */
  static void write(Backend backend, double value, NdArray out) {
    if (out.dtype().isCompute()) {
      backend.elementwise(P, out, new double[] {value});
    } else {
      NdArray one = NdArray.uninitialized(backend, DType.F64, Shape.SCALAR);
      one.set(value);
      backend.copy(one, out);
    }
  }

  static Tensor apply(String name, BinaryOp op, Tensor x, Tensor y) {
    Checks.sameBackend(name, x, y);
    Elementwise.requireComputed(name, Pointwise.of(op).expr, x.dtype(), Elementwise.NO_PARAMS);
    // Beside numbers a mask counts as 0 and 1.
    Tensor other = y.dtype() == DType.BOOL ? y.cast(x.dtype()) : y;
    Checks.sameType(name, x, other);
    requireFit(name, x, y.shape());
    boolean recorded = requireRecordable(name, x, other);
    return apply(name, Pointwise.of(op), Elementwise.NO_PARAMS, recorded, x, apart(x, other));
  }

  static Tensor apply(String name, BinaryOp op, Tensor x, double y) {
    Elementwise.requireComputed(name, Pointwise.withScalar(op).expr, x.dtype(), new double[] {y});
    requireFit(name, x, Shape.SCALAR);
    boolean recorded = requireRecordable(name, x);
    return apply(name, Pointwise.withScalar(op), new double[] {y}, recorded, x);
  }

  private static Tensor apply(
      String name, Pointwise op, double[] params, boolean recorded, Tensor x, Tensor... others) {
    NdArray[] arrays = new NdArray[others.length + 1];
    Tensor[] ins = new Tensor[arrays.length];
    arrays[0] = x.data();
    for (int i = 0; i < others.length; i++) {
      ins[i + 1] = others[i];
      arrays[i + 1] = others[i].data();
    }
    if (recorded) {
      ins[0] = new Tensor(isNeededAgain(op, x, others) ? Views.copy(x) : x.data);
      ins[0].node = x.node;
    }
    x.backend().elementwise(op.expr, x.data, params, arrays);
    Node before = tell(name, x, recorded);
    return recorded ? replaced(before, Elementwise.recordMap(name, x, op, params, ins)) : x;
  }

  /** {@return whether a gradient by {@code x} or one of the others reads the old {@code x}} */
  private static boolean isNeededAgain(Pointwise op, Tensor x, Tensor... others) {
    for (int i = 0; i <= others.length; i++) {
      if ((i == 0 ? x : others[i - 1]).node != null) {
        for (int saved : op.partial(i).saved()) {
          if (saved == 0) {
            return true;
          }
        }
      }
    }
    return false;
  }

  static Tensor fill(String name, Tensor x, double value) {
    requireFit(name, x, Shape.SCALAR);
    boolean recorded = requireRecordable(name, x);
    write(x.backend(), value, x.data);
    Node before = tell(name, x, recorded);
    return recorded ? replaced(before, constant(name, x)) : x;
  }

  static Tensor assign(Tensor x, Tensor y) {
    Checks.sameBackend("assign", x, y);
    requireFit("assign", x, y.shape());
    DType dtype = y.dtype();
    boolean flows = y.node != null && x.dtype().isFloating();
    boolean recorded = flows ? requireRecordable("assign", x, y) : requireRecordable("assign", x);
    Tensor from = apart(x, y);
    x.backend().copy(from.data(), x.data);
    Node before = tell("assign", x, recorded);
    if (!recorded) {
      return x;
    }
    Gradient gradient = (_, shape, up) -> Elementwise.sumTo(up.cast(dtype), shape);
    return replaced(
        before, flows ? Node.record("assign", x, gradient, from) : constant("assign", x));
  }

  /** Remembers that the numbers come from nowhere: what they were made of before is let go. */
  private static Tensor constant(String name, Tensor x) {
    return Node.attach(x, new Node.Op(name, x.data, new Node[0], (_, _, _) -> null));
  }

  /** {@return {@code y}, or a copy if writing to {@code x} would change it} */
  private static Tensor apart(Tensor x, Tensor y) {
    return y.storage() == x.storage() ? y.copy() : y;
  }

  private static void requireFit(String name, Tensor x, Shape from) {
    if (!Shape.broadcast(name, x.shape(), from).equals(x.shape())) {
      throw new ShapeException(
          name
              + ": a tensor of shape "
              + from
              + " does not stretch to shape "
              + x.shape()
              + ", which is written to");
    }
    if (x.data.layout().repeats()) {
      throw new ShapeException(
          name
              + ": the tensor of shape "
              + x.shape()
              + " is stretched, the same number stands at many indices; copy() it first");
    }
  }

  /**
   * {@return whether an operation that writes into {@code x} is to be recorded}
   *
   * @throws GradientException if it is, but others hold the leaf that {@code x} is or shows
   */
  private static boolean requireRecordable(String name, Tensor x, Tensor... others) {
    if (!Grad.records(x) && !Grad.records(others)) {
      return false;
    }
    if (x.node instanceof Node.Leaf || x.node instanceof Node.Op op && op.showsLeaf) {
      throw new GradientException(
          name
              + ": the tensor of shape "
              + x.shape()
              + (x.node instanceof Node.Leaf ? " is" : " is a view of")
              + " a leaf that gradients flow to, whose numbers change only while nothing is"
              + " recorded: try (var _ = Grad.off()) { … }");
    }
    return true;
  }

  /** {@return the tensor's place in the graph before the change, which is told of} */
  private static Node tell(String name, Tensor x, boolean recorded) {
    Change.tell(x, name, recorded);
    x.logits = null;
    return x.node;
  }

  /** {@return {@code x}, whose gradient, if it is retained, is that by its new numbers} */
  private static Tensor replaced(Node before, Tensor x) {
    if (before != null && before.accumulates == x) {
      before.accumulates = null;
      x.node.accumulates = x;
    }
    return x;
  }
}
