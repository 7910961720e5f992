package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Exprs;
import dev.lanewise.kernel.UnaryOp;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Expressions as CUDA C: a function for each op that occurs, and statements with one variable for
 * each part, so that what is shared is computed once. The statements read the elements from {@code
 * x0}, {@code x1} and so on and the scalars from {@code p0}, {@code p1} and so on.
 */
final class ExprCode {
  private final DType dtype;
  private final String type;
  private final Map<String, String> functions = new TreeMap<>();
  private final Map<Expr, String> names = new IdentityHashMap<>();
  private final StringBuilder statements = new StringBuilder();
  private final List<Expr> exprs;
  private final boolean[] reads;

  /**
   * Prints expressions.
   *
   * @param exprs the expressions
   * @param dtype the type to compute in: f32, f64, i32 or i64
   * @param indent what the statements' lines begin with
   */
  ExprCode(List<Expr> exprs, DType dtype, String indent) {
    this.exprs = exprs;
    this.dtype = dtype;
    this.type = CudaTypes.stored(dtype);
    this.reads = new boolean[exprs.stream().mapToInt(Expr::args).max().orElse(0)];
    for (Expr expr : exprs) {
      for (Expr part : Exprs.parts(expr)) {
        if (!names.containsKey(part)) {
          names.put(part, name(part, indent));
        }
      }
    }
  }

  private String name(Expr part, String indent) {
    return switch (part) {
      case Expr.Arg a -> {
        reads[a.index()] = true;
        yield "x" + a.index();
      }
      case Expr.Param p -> "p" + p.index();
      case Expr.Const c -> CudaTypes.literal(dtype, c.value());
      case Expr.Unary u -> variable(indent, call(u.op()) + "(" + names.get(u.x()) + ")");
      case Expr.Binary b -> variable(indent, call(b.op(), names.get(b.x()), names.get(b.y())));
      case Expr.Select s ->
          variable(
              indent,
              names.get(s.condition())
                  + " != 0 ? "
                  + names.get(s.ifTrue())
                  + " : "
                  + names.get(s.ifFalse()));
    };
  }

  private String variable(String indent, String value) {
    String name = "v" + names.size();
    statements
        .append(indent)
        .append("const ")
        .append(type)
        .append(' ')
        .append(name)
        .append(" = ")
        .append(value)
        .append(";\n");
    return name;
  }

  private String call(UnaryOp op) {
    // Not the bare name: exp and its like are CUDA's own.
    String name = "op_" + op.name().toLowerCase(Locale.ROOT);
    functions.put(name, function(name, type + " x", op.cuda(dtype)));
    return name;
  }

  /**
   * {@return the call of a function of two numbers, which {@link #functions} will have}
   *
   * @param op the function
   * @param x the first
   * @param y the second
   */
  String call(BinaryOp op, String x, String y) {
    String name = "op_" + op.name().toLowerCase(Locale.ROOT);
    functions.put(name, function(name, type + " x, " + type + " y", op.cuda(dtype)));
    return name + "(" + x + ", " + y + ")";
  }

  private String function(String name, String parameters, String body) {
    return "__device__ inline "
        + type
        + " "
        + name
        + "("
        + parameters
        + ") {\n"
        + body.indent(2)
        + "}\n\n";
  }

  /** {@return the functions that the statements call} */
  String functions() {
    return String.join("", functions.values());
  }

  /** {@return whether an array's elements are read} */
  boolean reads(int arg) {
    return arg < reads.length && reads[arg];
  }

  /** {@return the statements, with a line's end after each} */
  String statements() {
    return statements.toString();
  }

  /** {@return where the value of one of the expressions is, after the statements} */
  String value(int k) {
    return names.get(exprs.get(k));
  }
}
