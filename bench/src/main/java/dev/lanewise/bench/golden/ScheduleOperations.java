package dev.lanewise.bench.golden;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.optim.Schedule;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Schedules of the learning rate: the rates of the first steps. */
final class ScheduleOperations {
  static final Map<String, Operation> TABLE = new HashMap<>();

  private static final int STEPS = 20;

  static {
    op("step", a -> Schedule.step(base(a), a.real("gamma"), a.integer("step")));
    op("exponential", a -> Schedule.exponential(base(a), a.real("gamma")));
    op("cosine", a -> Schedule.cosineAnnealing(base(a), a.integer("T_max"), a.real("eta_min", 0)));
    op("onecycle", a -> Schedule.oneCycle(a.real("max_lr"), a.integer("total_steps")));
    op("linear", a -> Schedule.linear(base(a), a.real("start"), a.real("end"), a.integer("iters")));
    op("poly", a -> Schedule.polynomial(base(a), 0, a.integer("total"), a.real("power")));
  }

  private ScheduleOperations() {}

  private static void op(String name, Function<Attributes, Schedule> schedule) {
    TABLE.put(name, Operation.of(c -> rates(schedule.apply(c.attributes()))));
  }

  private static double base(Attributes a) {
    return a.real("base_lr");
  }

  private static Tensor rates(Schedule schedule) {
    float[] rates = new float[STEPS];
    for (int i = 0; i < STEPS; i++) {
      rates[i] = (float) schedule.at(i);
    }
    return Tensor.of(rates);
  }
}
