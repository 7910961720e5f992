package dev.lanewise.graph;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Exprs;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Joins calls, so that numbers need not go through memory between them:
 *
 * <ul>
 *   <li>an elementwise call whose result one elementwise call or one reduction reads becomes a part
 *       of that call's expression, also through a broadcast or a reshape;
 *   <li>an elementwise call and one that reads its result, which others read too, become one call
 *       with several outputs;
 *   <li>an elementwise call after a product or a convolution becomes its epilogue.
 * </ul>
 *
 * <p>A part of an expression is rounded as its result in memory was, so that all bits stay; a
 * backend that computes expressions in a wider type is {@linkplain
 * dev.lanewise.kernel.Backend#roundsParts left alone}.
 */
public final class Fusion implements Pass {
  /** Larger trees are compiled more slowly than they save memory's time. */
  private static final int MOST_PARTS = 96;

  /** Calls take 32 arrays; fewer leave registers for the expression. */
  private static final int MOST_ARRAYS = 16;

  /** Makes the pass. */
  public Fusion() {}

  @Override
  public String name() {
    return "fusion";
  }

  @Override
  public Program apply(Program program) {
    if (!program.backend().roundsParts()) {
      return program;
    }
    List<KernelCall> list = new ArrayList<>(program.instructions());
    boolean changed = true;
    boolean mapsProducts = program.backend().mapsProducts();
    while (changed) {
      Uses uses = Uses.of(list, program.outputs());
      changed = false;
      for (int c = 0; c < list.size() && !changed; c++) {
        changed = fuseInto(list, uses, c, mapsProducts);
      }
    }
    return program.with(list);
  }

  private static boolean fuseInto(List<KernelCall> list, Uses uses, int c, boolean mapsProducts) {
    for (View view : new LinkedHashSet<>(list.get(c).reads())) {
      int p = uses.onlyWriter(view.buffer());
      if (p < 0 || p >= c || !view.buffer().is(Buffer.Role.TEMPORARY)) {
        continue;
      }
      KernelCall fused = fused(list, uses, p, c, mapsProducts);
      if (fused != null) {
        list.set(c, fused);
        list.remove(p);
        return true;
      }
    }
    return false;
  }

  /** {@return both calls as one, in the place of the second; {@code null} if they do not fit} */
  private static KernelCall fused(
      List<KernelCall> list, Uses uses, int p, int c, boolean mapsProducts) {
    KernelCall producer = list.get(p);
    KernelCall consumer = asElementwise(list.get(c));
    if (!Uses.canMove(list, p, c)) {
      return null;
    }
    boolean alone = producer.writes().stream().allMatch(out -> uses.onlyReader(out.buffer()) == c);
    return switch (producer.op()) {
      case Op.Elementwise first ->
          switch (consumer.op()) {
            case Op.Elementwise second when alone && producer.outs().size() == 1 ->
                inlined(first, producer, consumer, second.exprs(), second.scalars(), second);
            case Op.Elementwise second -> together(first, producer, second, consumer);
            case Op.Reduce second when alone && producer.outs().size() == 1 ->
                inlined(
                    first, producer, consumer, List.of(second.expr()), second.scalars(), second);
            default -> null;
          };
      case Op.Matmul first when alone && first.beta() == 0 -> {
        KernelCall one = epilogue(producer, consumer, first.epilogue(), first.scalars(), first);
        yield one != null || !mapsProducts ? one : mapped(first, producer, consumer);
      }
      case Op.Conv first when alone ->
          epilogue(producer, consumer, first.epilogue(), first.scalars(), first);
      default -> null;
    };
  }

  /** A mask as numbers is what an expression reads it as: 0 and 1. */
  private static KernelCall asElementwise(KernelCall call) {
    if (call.op() instanceof Op.Copy
        && call.ins().getFirst().dtype() == DType.BOOL
        && call.outs().getFirst().dtype().isCompute()) {
      return new KernelCall(
          new Op.Elementwise(List.of(Expr.arg(0)), Scalars.NONE), call.outs(), call.ins());
    }
    return call;
  }

  // ---- One expression in another ----

  private static KernelCall inlined(
      Op.Elementwise first,
      KernelCall producer,
      KernelCall consumer,
      List<Expr> exprs,
      Scalars scalars,
      Op second) {
    View out = producer.outs().getFirst();
    Expr inner = first.exprs().getFirst();
    DType dtype = Operands.computeType(consumer);
    if (!out.isWhole()
        || dtype != Operands.computeType(producer)
        || out.dtype() == DType.BOOL && !Operands.isTruth(inner)
        || out.dtype() != DType.BOOL && out.dtype() != dtype) {
      return null;
    }
    Operands operands = new Operands(scalars);
    Expr[] parts = new Expr[consumer.ins().size()];
    for (int i = 0; i < parts.length; i++) {
      View view = consumer.ins().get(i);
      if (view.buffer() != out.buffer()) {
        parts[i] = operands.arg(view);
        continue;
      }
      List<View> through = new ArrayList<>();
      for (View in : producer.ins()) {
        Layout layout = through(in.layout(), out.layout(), view.layout(), inner);
        if (layout == null || second instanceof Op.Reduce && !keepsOrder(layout, view.layout())) {
          return null;
        }
        through.add(new View(in.buffer(), layout));
      }
      parts[i] = operands.inline(inner, first.scalars(), through);
    }
    List<Expr> all = operands.substitute(exprs, parts);
    boolean fits =
        operands.views().size() + consumer.outs().size() <= MOST_ARRAYS
            && all.stream().allMatch(Fusion::isSmall)
            && keepsApart(operands.views(), consumer)
            // A reduction has its extents from what it reads.
            && !(second instanceof Op.Reduce && operands.views().isEmpty());
    if (!fits) {
      return null;
    }
    Op op =
        second instanceof Op.Reduce reduce
            ? new Op.Reduce(reduce.op(), all.getFirst(), reduce.axes(), operands.scalars())
            : new Op.Elementwise(all, operands.scalars());
    KernelCall result = new KernelCall(op, consumer.outs(), operands.views());
    return Operands.computeType(result) == dtype ? result : null;
  }

  /** A reduction sums in an order that it takes from how its arguments lie: it must not change. */
  private static boolean keepsOrder(Layout layout, Layout before) {
    boolean isOneNumber = true;
    for (int axis = 0; axis < layout.shape().rank(); axis++) {
      isOneNumber &= layout.stride(axis) == 0 || layout.shape().dim(axis) == 1;
    }
    return isOneNumber || sameStrides(layout, before);
  }

  private static boolean sameStrides(Layout layout, Layout other) {
    return layout.shifted(other.offset() - layout.offset()).equals(other);
  }

  /** {@return whether a call may read these arrays and write its outputs} */
  private static boolean keepsApart(List<View> ins, KernelCall consumer) {
    for (View out : consumer.writes()) {
      for (View in : ins) {
        boolean inPlace =
            consumer.op() instanceof Op.Elementwise && in.layout().equals(out.layout());
        if (in.meets(out) && !inPlace) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isSmall(Expr expr) {
    return Exprs.parts(expr).size() <= MOST_PARTS;
  }

  /**
   * {@return how an argument is read where its function's result is read as a view; {@code null} if
   * strides can not tell}
   *
   * @param in the argument's layout, of the result's shape
   * @param out the result's, whole
   * @param view how the result is read
   * @param function what would be computed again for a broadcast element
   */
  private static Layout through(Layout in, Layout out, Layout view, Expr function) {
    if (view.equals(out)) {
      return in;
    }
    if (view.isContiguous() && view.offset() == 0 && view.shape().size() == out.shape().size()) {
      return in.reshape(view.shape());
    }
    // Only broadcasts of the whole are followed: other views read with steps, which costs more.
    Layout plain = view;
    for (int axis = 0; axis < view.shape().rank(); axis++) {
      if (view.stride(axis) == 0 && view.shape().dim(axis) > 1) {
        plain = plain.slice(axis, 0, 1, 1);
      }
    }
    if (!plain.isContiguous()
        || plain.offset() != 0
        || plain.shape().size() != out.shape().size()
        || Operands.isCostly(function)) {
      return null;
    }
    Layout reshaped = in.reshape(plain.shape());
    return reshaped == null ? null : reshaped.broadcastTo(view.shape());
  }

  // ---- Two calls with several outputs ----

  private static KernelCall together(
      Op.Elementwise first, KernelCall producer, Op.Elementwise second, KernelCall consumer) {
    DType dtype = Operands.computeType(consumer);
    View out = producer.outs().getFirst();
    List<View> outs = new ArrayList<>(producer.outs());
    outs.addAll(consumer.outs());
    Set<Buffer> buffers = new LinkedHashSet<>();
    for (View one : outs) {
      if (one.dtype() != dtype
          || !one.shape().equals(out.shape())
          || !one.isWhole()
          || !buffers.add(one.buffer())) {
        return null;
      }
    }
    if (dtype != Operands.computeType(producer)) {
      return null;
    }
    Operands operands = new Operands(first.scalars());
    Expr[] own = new Expr[producer.ins().size()];
    for (int i = 0; i < own.length; i++) {
      own[i] = operands.arg(producer.ins().get(i));
    }
    List<Expr> inner = operands.substitute(first.exprs(), own);
    Expr[] parts = new Expr[consumer.ins().size()];
    Scalars all = first.scalars().and(second.scalars());
    for (int i = 0; i < parts.length; i++) {
      View view = consumer.ins().get(i);
      int at = producer.outs().indexOf(view);
      if (at < 0 && buffers.contains(view.buffer()) && !consumer.outs().contains(view)) {
        return null; // read in another order
      }
      parts[i] = at >= 0 ? inner.get(at) : operands.arg(view);
    }
    List<Expr> outer = new ArrayList<>(inner);
    for (Expr expr : second.exprs()) {
      Expr moved = Operands.shiftParams(expr, first.scalars().count());
      outer.add(Exprs.substitute(moved, arg -> parts[arg.index()]));
    }
    KernelCall result = new KernelCall(new Op.Elementwise(outer, all), outs, operands.views());
    boolean fits =
        operands.views().size() + outs.size() <= MOST_ARRAYS
            && outer.stream().allMatch(Fusion::isSmall)
            && keepsApart(operands.views(), result);
    return fits ? result : null;
  }

  // ---- What follows a product ----

  private static KernelCall epilogue(
      KernelCall producer, KernelCall consumer, Expr epilogue, Scalars scalars, Op product) {
    View out = producer.outs().getFirst();
    if (!(consumer.op() instanceof Op.Elementwise second) || consumer.outs().size() != 1) {
      return null;
    }
    View result = consumer.outs().getFirst();
    if (!out.isWhole() || !result.isWhole() || !result.shape().equals(out.shape())) {
      return null;
    }
    // Argument 0 of an epilogue is the product; its other arguments follow the two factors.
    Operands operands = new Operands(scalars);
    Expr value = epilogue == null ? Expr.arg(0) : epilogue;
    for (View in : producer.ins().subList(2, producer.ins().size())) {
      operands.append(in);
    }
    Expr[] parts = new Expr[consumer.ins().size()];
    for (int i = 0; i < parts.length; i++) {
      View view = consumer.ins().get(i);
      if (view.buffer() == out.buffer()) {
        if (!view.layout().equals(out.layout())) {
          return null;
        }
        parts[i] = value;
      } else {
        parts[i] = Expr.arg(operands.arg(view).index() + 1);
      }
    }
    Expr moved = Operands.shiftParams(second.exprs().getFirst(), scalars.count());
    Expr whole = Exprs.substitute(moved, arg -> parts[arg.index()]);
    List<View> ins = new ArrayList<>(producer.ins().subList(0, 2));
    ins.addAll(operands.views());
    boolean typed = ins.stream().allMatch(in -> in.dtype() == out.dtype());
    if (!typed
        || result.dtype() != out.dtype()
        || ins.size() + 1 > MOST_ARRAYS
        || !isSmall(whole)
        || ins.stream().anyMatch(in -> in.meets(result))) {
      return null;
    }
    Scalars all = scalars.and(second.scalars());
    Op op =
        switch (product) {
          case Op.Matmul m -> new Op.Matmul(m.alpha(), m.beta(), whole, all);
          case Op.Conv conv -> new Op.Conv(conv.spec(), whole, all);
          default -> throw new AssertionError(product);
        };
    return new KernelCall(op, List.of(result), ins);
  }

  /** A product that only an elementwise call with more outputs, or in place, reads. */
  private static KernelCall mapped(Op.Matmul first, KernelCall producer, KernelCall consumer) {
    View product = producer.outs().getFirst();
    if (!(consumer.op() instanceof Op.Elementwise second)
        || first.epilogue() != null
        || product.shape().rank() != 2
        || product.shape().dim(0) < 2
        || product.shape().dim(1) < 2
        || !product.isWhole()) {
      return null;
    }
    List<View> matrices = producer.ins();
    Operands operands = new Operands(second.scalars());
    Expr[] parts = new Expr[consumer.ins().size()];
    for (int i = 0; i < parts.length; i++) {
      View view = consumer.ins().get(i);
      if (view.buffer() == product.buffer() && !view.layout().equals(product.layout())) {
        return null;
      }
      boolean isProduct = view.buffer() == product.buffer();
      parts[i] = Expr.arg(isProduct ? 0 : operands.arg(view).index() + 1);
    }
    List<View> ins = new ArrayList<>(matrices);
    ins.addAll(operands.views());
    boolean fits =
        ins.size() + consumer.outs().size() <= MOST_ARRAYS
            && ins.stream().allMatch(in -> in.dtype() == product.dtype())
            && consumer.outs().stream()
                .allMatch(
                    out ->
                        out.dtype() == product.dtype()
                            && out.shape().equals(product.shape())
                            && out.layout().stride(1) == 1
                            && matrices.stream().noneMatch(matrix -> matrix.meets(out)))
            && operands.views().stream().allMatch(in -> in.layout().stride(1) <= 1)
            && keepsApart(operands.views(), consumer);
    List<Expr> exprs = operands.substitute(second.exprs(), parts);
    return fits
        ? new KernelCall(
            new Op.MappedMatmul(first.alpha(), exprs, second.scalars()), consumer.outs(), ins)
        : null;
  }
}
