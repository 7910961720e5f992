package dev.lanewise.kernel.reference;

import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Exprs;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The parts of an expression in the order in which they are computed, and the place of each. */
final class Parts {
  private final List<Expr> order;
  private final Map<Expr, Integer> places = new IdentityHashMap<>();

  Parts(Expr expr) {
    this.order = Exprs.parts(expr);
    for (Expr part : order) {
      places.put(part, places.size());
    }
  }

  int count() {
    return order.size();
  }

  Expr get(int place) {
    return order.get(place);
  }

  int place(Expr part) {
    return places.get(part);
  }
}
