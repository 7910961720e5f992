package dev.lanewise.kernel;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/** All expressions that somebody still uses, so that equal ones are the same object. */
final class ExprTable {
  private static final Map<Key, Entry> TABLE = new HashMap<>();
  private static final ReferenceQueue<Expr> DEAD = new ReferenceQueue<>();

  /**
   * What makes two expressions the same. Parts are compared as references: they are unique already.
   *
   * @param kind the class of the expression
   * @param what its index, number or operation; null for a selection
   * @param a the first part, or null
   * @param b the second part, or null
   * @param c the third part, or null
   */
  record Key(Class<? extends Expr> kind, Object what, Expr a, Expr b, Expr c) {}

  private static final class Entry extends WeakReference<Expr> {
    private final Key key;

    Entry(Key key, Expr expr) {
      super(expr, DEAD);
      this.key = key;
    }
  }

  private ExprTable() {}

  static synchronized Expr of(Key key) {
    while (DEAD.poll() instanceof Entry dead) {
      TABLE.remove(dead.key, dead);
    }
    Entry entry = TABLE.get(key);
    Expr known = entry == null ? null : entry.get();
    if (known != null) {
      return known;
    }
    Expr fresh = make(key);
    TABLE.put(key, new Entry(key, fresh));
    return fresh;
  }

  private static Expr make(Key key) {
    return switch (key.what) {
      case Integer index when key.kind == Expr.Arg.class -> new Expr.Arg(index);
      case Integer index -> new Expr.Param(index);
      case Double value -> new Expr.Const(value);
      case UnaryOp op -> new Expr.Unary(op, key.a);
      case BinaryOp op -> new Expr.Binary(op, key.a, key.b);
      case null -> new Expr.Select(key.a, key.b, key.c);
      default -> throw new AssertionError(key);
    };
  }
}
