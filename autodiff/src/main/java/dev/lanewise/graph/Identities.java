package dev.lanewise.graph;

import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Exprs;
import dev.lanewise.kernel.UnaryOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Leaves out arithmetic that changes nothing: {@code x · 1}, {@code x / 1}, {@code x − 0}, {@code
 * −(−x)}, a choice between two equal values; and copies of a buffer that nobody changes afterwards.
 * All of these keep every bit, also of −0, infinities and NaN; {@code x + 0} does not, as −0 + 0 is
 * 0, nor does {@code x · 0}, and neither is left out.
 */
public final class Identities implements Pass {
  /** Makes the pass. */
  public Identities() {}

  @Override
  public String name() {
    return "identities";
  }

  @Override
  public Program apply(Program program) {
    Uses uses = Uses.of(program.instructions(), program.outputs());
    Map<Buffer, Buffer> same = new HashMap<>();
    List<KernelCall> kept = new ArrayList<>();
    for (KernelCall original : program.instructions()) {
      KernelCall instruction = simplified(original.renamed(same));
      if (isUselessCopy(instruction, uses)) {
        same.put(instruction.outs().getFirst().buffer(), instruction.ins().getFirst().buffer());
      } else {
        kept.add(instruction);
      }
    }
    List<View> outputs = program.outputs().stream().map(view -> view.renamed(same)).toList();
    return program.with(kept, outputs);
  }

  /**
   * {@return whether a call copies a whole buffer to another of the same type, both of which stay}
   */
  private static boolean isUselessCopy(KernelCall instruction, Uses uses) {
    boolean copies =
        instruction.op() instanceof Op.Copy
            || instruction.op() instanceof Op.Elementwise op
                && op.exprs().equals(List.of(Expr.arg(0)));
    if (!copies) {
      return false;
    }
    View from = instruction.ins().getFirst();
    View to = instruction.outs().getFirst();
    return from.dtype() == to.dtype()
        && from.isWhole()
        && from.layout().equals(to.layout())
        && uses.isOnlyWrite(to)
        && (from.buffer().is(Buffer.Role.CONSTANT)
            || from.buffer().is(Buffer.Role.TEMPORARY) && uses.onlyWriter(from.buffer()) >= 0);
  }

  private static KernelCall simplified(KernelCall instruction) {
    Op op =
        switch (instruction.op()) {
          case Op.Elementwise one ->
              new Op.Elementwise(
                  one.exprs().stream().map(Identities::simplify).toList(), one.scalars());
          case Op.Reduce one ->
              new Op.Reduce(one.op(), simplify(one.expr()), one.axes(), one.scalars());
          case Op.Matmul one when one.epilogue() != null ->
              new Op.Matmul(one.alpha(), one.beta(), simplify(one.epilogue()), one.scalars());
          case Op.Conv one when one.epilogue() != null ->
              new Op.Conv(one.spec(), simplify(one.epilogue()), one.scalars());
          case Op.Matmul _,
              Op.MappedMatmul _,
              Op.Conv _,
              Op.Copy _,
              Op.Random _,
              Op.Fixed _,
              FlowOp _ ->
              instruction.op();
        };
    return new KernelCall(op, instruction.outs(), instruction.ins());
  }

  /** {@return an expression with the same values} */
  static Expr simplify(Expr expr) {
    return Exprs.rewrite(
        expr,
        part ->
            switch (part) {
              case Expr.Arg _, Expr.Param _, Expr.Const _ -> part;
              case Expr.Unary u -> unary(u);
              case Expr.Binary b -> binary(b);
              case Expr.Select s -> s.ifTrue() == s.ifFalse() ? s.ifTrue() : s;
            });
  }

  private static Expr unary(Expr.Unary outer) {
    boolean twice =
        outer.op() == UnaryOp.NEG
            && outer.x() instanceof Expr.Unary inner
            && inner.op() == UnaryOp.NEG;
    return twice ? ((Expr.Unary) outer.x()).x() : outer;
  }

  private static Expr binary(Expr.Binary b) {
    return switch (b.op()) {
      case MUL -> is(b.y(), 1) ? b.x() : is(b.x(), 1) ? b.y() : b;
      case DIV -> is(b.y(), 1) ? b.x() : b;
      case SUB -> is(b.y(), 0) ? b.x() : b;
      default -> b;
    };
  }

  /** {@return whether an expression is a constant with these bits: 0 is not −0} */
  private static boolean is(Expr expr, double value) {
    return expr instanceof Expr.Const c && Double.compare(c.value(), value) == 0;
  }
}
