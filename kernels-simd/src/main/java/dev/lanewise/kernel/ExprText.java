package dev.lanewise.kernel;

import java.util.Locale;

/** Expressions as text; long ones are cut, as a shared part is written wherever it occurs. */
final class ExprText {
  private static final int LONGEST = 200;

  private final StringBuilder text = new StringBuilder();

  private ExprText() {}

  static String of(Expr expr) {
    ExprText writer = new ExprText();
    writer.write(expr);
    return writer.isFull() ? writer.text.substring(0, LONGEST) + "…" : writer.text.toString();
  }

  private boolean isFull() {
    return text.length() > LONGEST;
  }

  private void write(Expr expr) {
    switch (expr) {
      case Expr.Arg a -> text.append('x').append(a.index());
      case Expr.Param p -> text.append('p').append(p.index());
      case Expr.Const c -> text.append(c.value());
      case Expr.Unary u -> call(u.op().name(), u.x());
      case Expr.Binary b -> call(b.op().name(), b.x(), b.y());
      case Expr.Select s -> call("SELECT", s.condition(), s.ifTrue(), s.ifFalse());
    }
  }

  private void call(String name, Expr... parts) {
    text.append(name.toLowerCase(Locale.ROOT)).append('(');
    // Each level has written its name first, so this bounds the depth too.
    for (int i = 0; i < parts.length && !isFull(); i++) {
      text.append(i == 0 ? "" : ", ");
      write(parts[i]);
    }
    text.append(')');
  }
}
