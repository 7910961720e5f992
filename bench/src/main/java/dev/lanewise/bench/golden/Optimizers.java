package dev.lanewise.bench.golden;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.optim.Adadelta;
import dev.lanewise.nn.optim.Adagrad;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.AdamW;
import dev.lanewise.nn.optim.Adamax;
import dev.lanewise.nn.optim.GradientClip;
import dev.lanewise.nn.optim.MomentOptimizer;
import dev.lanewise.nn.optim.Nadam;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.OptimizerSettings;
import dev.lanewise.nn.optim.RAdam;
import dev.lanewise.nn.optim.RMSprop;
import dev.lanewise.nn.optim.SGD;
import dev.lanewise.nn.optim.Schedule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Optimizers, whose gradients are given, and the clipping of gradients. */
final class Optimizers {
  private static final Map<String, Function<Attributes, Optimizer>> NAMED =
      Map.of(
          "sgd", Optimizers::sgd,
          "adam", a -> moments(Adam.pytorch(rate(a)).amsgrad(a.flag("amsgrad")), a),
          "adamw", a -> moments(AdamW.pytorch(rate(a)).amsgrad(a.flag("amsgrad")), a),
          "adamax", a -> moments(Adamax.pytorch(rate(a)), a),
          // As PyTorch 1.13 computes it.
          "nadam", a -> moments(Nadam.pytorch(rate(a)).repeatedMomentum(true), a),
          "radam", a -> moments(new RAdam(rate(a)), a),
          "rmsprop", Optimizers::rmsprop,
          "adagrad", Optimizers::adagrad,
          "adadelta", a -> decayed(adadelta(a), a));

  static final Map<String, Operation> TABLE = new HashMap<>();

  static {
    NAMED.forEach(
        (name, optimizer) -> TABLE.put(name, c -> steps(c, optimizer.apply(c.attributes()))));
    TABLE.put("clip_grad_norm", Optimizers::clip);
  }

  private Optimizers() {}

  /** {@return the optimizer of a name, with PyTorch's names of its settings} */
  static Optimizer named(String name, Attributes settings) {
    Function<Attributes, Optimizer> optimizer = NAMED.get(name);
    if (optimizer == null) {
      throw new IllegalArgumentException("there is no optimizer '" + name + "'");
    }
    return optimizer.apply(settings);
  }

  private static double rate(Attributes a) {
    return a.real("lr");
  }

  private static <S extends Optimizer & OptimizerSettings<S>> S decayed(S optimizer, Attributes a) {
    return a.has("weight_decay") ? optimizer.weightDecay(a.real("weight_decay")) : optimizer;
  }

  private static <S extends MomentOptimizer<S>> S moments(S optimizer, Attributes a) {
    S made = decayed(optimizer, a);
    if (a.has("betas")) {
      double[] betas = a.reals("betas");
      made = made.betas(betas[0], betas[1]);
    }
    return a.has("eps") ? made.eps(a.real("eps")) : made;
  }

  private static SGD sgd(Attributes a) {
    return decayed(
        SGD.pytorch(rate(a))
            .momentum(a.real("momentum", 0))
            .dampening(a.real("dampening", 0))
            .nesterov(a.flag("nesterov")),
        a);
  }

  private static RMSprop rmsprop(Attributes a) {
    RMSprop made =
        RMSprop.pytorch(rate(a)).momentum(a.real("momentum", 0)).centered(a.flag("centered"));
    made = a.has("alpha") ? made.rho(a.real("alpha")) : made;
    return decayed(a.has("eps") ? made.eps(a.real("eps")) : made, a);
  }

  private static Adagrad adagrad(Attributes a) {
    double decay = a.real("lr_decay", 0);
    Adagrad made =
        Adagrad.pytorch(Schedule.inverseTime(rate(a), decay, 1))
            .initialAccumulator(a.real("initial_accumulator_value", 0));
    return decayed(a.has("eps") ? made.eps(a.real("eps")) : made, a);
  }

  private static Adadelta adadelta(Attributes a) {
    Adadelta made = Adadelta.pytorch(rate(a));
    made = a.has("rho") ? made.rho(a.real("rho")) : made;
    return a.has("eps") ? made.eps(a.real("eps")) : made;
  }

  /** {@return the two weights after each step} */
  private static Tensor[] steps(Call c, Optimizer optimizer) {
    Tensor w = c.in("w").requiresGrad(true);
    Tensor b = c.in("b").requiresGrad(true);
    optimizer.build(List.of(new Weight("w", w), new Weight("b", b)));
    int count = c.attributes().integer("steps");
    Tensor[] ws = new Tensor[count];
    Tensor[] bs = new Tensor[count];
    List<Tensor> gw = c.in("gw").unstack(0);
    List<Tensor> gb = c.in("gb").unstack(0);
    for (int i = 0; i < count; i++) {
      optimizer.apply(gw.get(i), gb.get(i));
      ws[i] = w.detach().copy();
      bs[i] = b.detach().copy();
    }
    return new Tensor[] {Tensor.stack(0, ws), Tensor.stack(0, bs)};
  }

  private static Tensor[] clip(Call c) {
    Tensor gw = c.in("gw");
    Tensor gb = c.in("gb");
    Tensor norm = GradientClip.byNorm(c.attributes().real("max_norm"), gw, gb);
    return new Tensor[] {norm, gw, gb};
  }
}
