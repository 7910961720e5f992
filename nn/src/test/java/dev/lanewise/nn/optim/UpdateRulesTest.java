package dev.lanewise.nn.optim;

import static dev.lanewise.nn.optim.ScalarRule.check;

import org.junit.jupiter.api.Test;

/** Each optimizer against its formula in plain Java, in both conventions. */
class UpdateRulesTest {
  private static final Schedule FALLING = Schedule.exponential(0.1, 0.8);

  private static double falling(int t) {
    return 0.1 * Math.pow(0.8, t - 1);
  }

  @Test
  void sgd() {
    check(() -> new SGD(0.1), (w, g, _, _) -> w - 0.1 * g);
    check(() -> SGD.pytorch(FALLING), (w, g, _, t) -> w - falling(t) * g);
  }

  @Test
  void sgdWithMomentum() {
    check(
        () -> new SGD(0.1, 0.9, false),
        (w, g, state, _) -> {
          state[0] = 0.9 * state[0] - 0.1 * g;
          return w + state[0];
        });
    check(
        () -> new SGD(FALLING).momentum(0.9),
        (w, g, state, t) -> {
          state[0] = 0.9 * state[0] - falling(t) * g;
          return w + state[0];
        });
    check(
        () -> SGD.pytorch(FALLING).momentum(0.9),
        (w, g, state, t) -> {
          state[0] = 0.9 * state[0] + g;
          return w - falling(t) * state[0];
        });
  }

  @Test
  void sgdWithNesterovMomentum() {
    check(
        () -> new SGD(0.1, 0.9, true),
        (w, g, state, _) -> {
          state[0] = 0.9 * state[0] - 0.1 * g;
          return w + 0.9 * state[0] - 0.1 * g;
        });
    check(
        () -> SGD.pytorch(FALLING).momentum(0.9).nesterov(true),
        (w, g, state, t) -> {
          state[0] = 0.9 * state[0] + g;
          return w - falling(t) * (g + 0.9 * state[0]);
        });
  }

  @Test
  void sgdWithDampeningAndWeightDecay() {
    check(
        () -> SGD.pytorch(FALLING).momentum(0.9).dampening(0.3).weightDecay(0.01),
        (w, g, state, t) -> {
          double total = g + 0.01 * w;
          state[0] = t == 1 ? total : 0.9 * state[0] + 0.7 * total;
          return w - falling(t) * state[0];
        });
    check(
        () -> new SGD(FALLING).momentum(0.9).dampening(0.3).weightDecay(0.01),
        (w, g, state, t) -> {
          state[0] = 0.9 * state[0] - falling(t) * (t == 1 ? g : 0.7 * g);
          return w * (1 - falling(t) * 0.01) + state[0];
        });
  }

  private static double m(double[] state, double beta, double g) {
    state[0] = beta * state[0] + (1 - beta) * g;
    return state[0];
  }

  private static double v(double[] state, double beta, double g) {
    state[1] = beta * state[1] + (1 - beta) * g * g;
    return state[1];
  }

  private static double rest(double beta, int t) {
    return 1 - Math.pow(beta, t);
  }

  @Test
  void adam() {
    check(
        () -> new Adam(0.01, 0.8, 0.95, 1e-5),
        (w, g, state, t) -> {
          double rate = 0.01 * Math.sqrt(rest(0.95, t)) / rest(0.8, t);
          return w - rate * m(state, 0.8, g) / (Math.sqrt(v(state, 0.95, g)) + 1e-5);
        });
    check(
        () -> Adam.pytorch(0.01).betas(0.8, 0.95).eps(1e-5).weightDecay(0.02),
        (w, g, state, t) -> {
          double total = g + 0.02 * w;
          double m = m(state, 0.8, total) / rest(0.8, t);
          double v = v(state, 0.95, total) / rest(0.95, t);
          return w - 0.01 * m / (Math.sqrt(v) + 1e-5);
        });
    // An eps as large as the roots tells its places apart.
    check(
        () -> Adam.pytorch(FALLING).eps(0.5),
        (w, g, state, t) -> {
          double m = m(state, 0.9, g) / rest(0.9, t);
          double v = v(state, 0.999, g) / rest(0.999, t);
          return w - falling(t) * m / (Math.sqrt(v) + 0.5);
        });
  }

  @Test
  void amsgrad() {
    check(
        () -> new Adam(0.01).betas(0.9, 0.5).amsgrad(true),
        (w, g, state, t) -> {
          double rate = 0.01 * Math.sqrt(rest(0.5, t)) / rest(0.9, t);
          state[2] = Math.max(state[2], v(state, 0.5, g));
          return w - rate * m(state, 0.9, g) / (Math.sqrt(state[2]) + 1e-7);
        });
    check(
        () -> AdamW.pytorch(0.01).betas(0.9, 0.5).amsgrad(true).weightDecay(0),
        (w, g, state, t) -> {
          double m = m(state, 0.9, g) / rest(0.9, t);
          state[2] = Math.max(state[2], v(state, 0.5, g));
          return w - 0.01 * m / (Math.sqrt(state[2] / rest(0.5, t)) + 1e-8);
        });
  }

  @Test
  void adamW() {
    check(
        () -> new AdamW(FALLING),
        (w, g, state, t) -> {
          double rate = falling(t) * Math.sqrt(rest(0.999, t)) / rest(0.9, t);
          double step = rate * m(state, 0.9, g) / (Math.sqrt(v(state, 0.999, g)) + 1e-7);
          return w - falling(t) * 0.004 * w - step;
        });
    check(
        () -> AdamW.pytorch(0.01).weightDecay(0.1),
        (w, g, state, t) -> {
          double m = m(state, 0.9, g) / rest(0.9, t);
          double v = v(state, 0.999, g) / rest(0.999, t);
          return w * (1 - 0.01 * 0.1) - 0.01 * m / (Math.sqrt(v) + 1e-8);
        });
  }

  @Test
  void adamax() {
    check(
        () -> new Adamax(0.02).betas(0.9, 0.5).eps(0.1),
        (w, g, state, t) -> {
          state[1] = Math.max(0.5 * state[1], Math.abs(g));
          return w - 0.02 / rest(0.9, t) * m(state, 0.9, g) / (state[1] + 0.1);
        });
    check(
        () -> Adamax.pytorch(0.02).betas(0.9, 0.5).eps(0.1),
        (w, g, state, t) -> {
          state[1] = Math.max(0.5 * state[1], Math.abs(g) + 0.1);
          return w - 0.02 / rest(0.9, t) * m(state, 0.9, g) / state[1];
        });
  }

  private static ScalarRule nadam(double rate, double decay, double eps, boolean repeated) {
    return (w, g, state, t) -> {
      double now = 0.9 * (1 - 0.5 * Math.pow(0.96, t * decay));
      double next = 0.9 * (1 - 0.5 * Math.pow(0.96, (t + 1) * decay));
      state[2] = t == 1 ? now : state[2] * now;
      double m = m(state, 0.9, g);
      double following = repeated ? state[2] * now * next : state[2] * next;
      double mean = next * m / (1 - following) + (1 - now) * g / (1 - state[2]);
      return w - rate * mean / (Math.sqrt(v(state, 0.999, g) / rest(0.999, t)) + eps);
    };
  }

  @Test
  void nadamGrowsItsMomentum() {
    check(() -> new Nadam(0.01), nadam(0.01, 1, 1e-7, false));
    check(() -> Nadam.pytorch(0.01).eps(0.1), nadam(0.01, 0.004, 0.1, false));
    check(() -> new Nadam(0.01).momentumDecay(0), nadam(0.01, 0, 1e-7, false));
    check(() -> Nadam.pytorch(0.01).repeatedMomentum(true), nadam(0.01, 0.004, 1e-8, true));
  }

  @Test
  void rAdamTakesPlainStepsFirst() {
    // The fifth step of beta2 0.9 is the last plain one.
    check(
        () -> new RAdam(0.01).betas(0.8, 0.9).eps(0.1),
        (w, g, state, t) -> {
          double m = m(state, 0.8, g) / rest(0.8, t);
          double v = v(state, 0.9, g);
          double most = 19;
          double length = most - 2 * t * Math.pow(0.9, t) / rest(0.9, t);
          if (t <= 5) {
            return w - 0.01 * m;
          }
          double r = (length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length);
          return w - 0.01 * m * Math.sqrt(r) * Math.sqrt(rest(0.9, t)) / (Math.sqrt(v) + 0.1);
        });
    // Of beta2 0.5 the mean is never long enough.
    check(
        () -> new RAdam(0.01).betas(0.9, 0.5).weightDecay(0.1),
        (w, g, state, t) -> w - 0.01 * m(state, 0.9, g + 0.1 * w) / rest(0.9, t));
  }

  @Test
  void lion() {
    check(
        () -> new Lion(FALLING).weightDecay(0.1).betas(0.8, 0.95),
        (w, g, state, t) -> {
          double direction = Math.signum(0.8 * state[0] + 0.2 * g);
          m(state, 0.95, g);
          return w - falling(t) * (direction + 0.1 * w);
        });
  }

  @Test
  void rmsprop() {
    check(
        () -> new RMSprop(0.01).eps(0.1),
        (w, g, state, _) -> w - 0.01 * g / Math.sqrt(v(state, 0.9, g) + 0.1));
    check(
        () -> RMSprop.pytorch(0.01).eps(0.1),
        (w, g, state, _) -> w - 0.01 * g / (Math.sqrt(v(state, 0.99, g)) + 0.1));
  }

  @Test
  void rmspropCenteredWithMomentum() {
    check(
        () -> new RMSprop(FALLING).rho(0.8).centered(true).momentum(0.7).eps(0.1),
        (w, g, state, t) -> {
          double mean = m(state, 0.8, g);
          double variance = v(state, 0.8, g) - mean * mean;
          state[2] = 0.7 * state[2] + falling(t) * g / Math.sqrt(variance + 0.1);
          return w - state[2];
        });
    check(
        () -> RMSprop.pytorch(FALLING).rho(0.8).centered(true).momentum(0.7).eps(0.1),
        (w, g, state, t) -> {
          double mean = m(state, 0.8, g);
          double variance = v(state, 0.8, g) - mean * mean;
          state[2] = 0.7 * state[2] + g / (Math.sqrt(variance) + 0.1);
          return w - falling(t) * state[2];
        });
    check(
        () -> new RMSprop(0.01).momentum(0.7),
        (w, g, state, _) -> {
          state[2] = 0.7 * state[2] + 0.01 * g / Math.sqrt(v(state, 0.9, g) + 1e-7);
          return w - state[2];
        });
  }

  @Test
  void adagrad() {
    check(
        () -> new Adagrad(0.1).eps(0.2),
        (w, g, state, t) -> {
          state[0] = (t == 1 ? 0.1 : state[0]) + g * g;
          return w - 0.1 * g / Math.sqrt(state[0] + 0.2);
        });
    // What PyTorch calls lr_decay.
    check(
        () -> Adagrad.pytorch(Schedule.inverseTime(0.1, 0.5, 1)).initialAccumulator(0.3).eps(0.2),
        (w, g, state, t) -> {
          state[0] = (t == 1 ? 0.3 : state[0]) + g * g;
          return w - 0.1 / (1 + 0.5 * (t - 1)) * g / (Math.sqrt(state[0]) + 0.2);
        });
  }

  private static ScalarRule adadelta(double rate, double rho, double eps) {
    return (w, g, state, _) -> {
      double step = Math.sqrt(state[0] + eps) / Math.sqrt(v(state, rho, g) + eps) * g;
      state[0] = rho * state[0] + (1 - rho) * step * step;
      return w - rate * step;
    };
  }

  @Test
  void adadelta() {
    check(() -> new Adadelta(0.5), adadelta(0.5, 0.95, 1e-7));
    check(() -> Adadelta.pytorch(1), adadelta(1, 0.9, 1e-6));
    check(() -> Adadelta.pytorch(1).rho(0.5).eps(1e-3), adadelta(1, 0.5, 1e-3));
  }
}
