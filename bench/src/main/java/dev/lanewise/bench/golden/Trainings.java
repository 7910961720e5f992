package dev.lanewise.bench.golden;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.RecurrentLayers;
import dev.lanewise.autodiff.RecurrentWeights;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.kernel.Window;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.optim.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whole training runs: the loss of each step, and the parameters after the last. */
final class Trainings {
  static final Map<String, Operation> TABLE =
      Map.of(
          "mlp_tanh_sgdm", of(Trainings::tanhNetwork),
          "mlp_relu_adam", of(Trainings::reluNetwork),
          "cnn_adam", of(Trainings::convolutional),
          "bn_gelu_rmsprop", of(Trainings::normalized),
          "lstm_adamw", of(Trainings::recurrent),
          "transformer_adam", of(Trainings::transformer));

  private static final double NORM_EPS = 1e-5;
  private static final String LOSS = "cross_entropy mean";
  private static final Pattern IMAGES = Pattern.compile("\\[N,(\\d+),(\\d+),(\\d+)]");
  private static final Pattern HEADS = Pattern.compile("(\\d+)-head");

  /** The logits of a network. */
  @FunctionalInterface
  private interface Network {
    Tensor apply(Tensor x, Call parameters);
  }

  private Trainings() {}

  private static Operation of(Network network) {
    return c -> train(c, network);
  }

  private static Tensor[] train(Call c, Network network) {
    List<Weight> weights = new ArrayList<>();
    c.inputs()
        .forEach(
            (name, input) -> {
              if (!name.equals("x") && !name.equals("y")) {
                weights.add(new Weight(name, input.requiresGrad(true)));
              }
            });
    Tensor[] parameters = weights.stream().map(Weight::value).toArray(Tensor[]::new);
    Optimizer optimizer = optimizer(c.attributes().text("optimizer"));
    optimizer.build(weights);
    int batch = c.attributes().integer("batch");
    String loss = c.attributes().text("loss", LOSS);
    if (!loss.equals(LOSS)) {
      throw new IllegalArgumentException("the loss must be '" + LOSS + "', not '" + loss + "'");
    }
    Tensor[] losses = new Tensor[c.attributes().integer("steps")];
    for (int i = 0; i < losses.length; i++) {
      Tensor x = c.x().slice(0, i * batch, (i + 1) * batch);
      Tensor y = c.y().slice(0, i * batch, (i + 1) * batch);
      Tensor mean = network.apply(x, c).crossEntropy(y).mean();
      losses[i] = mean.detach();
      optimizer.apply(Gradients.of(mean, parameters));
    }
    Tensor[] results = new Tensor[parameters.length + 1];
    results[0] = Tensor.stack(0, losses);
    System.arraycopy(parameters, 0, results, 1, parameters.length);
    return results;
  }

  /** {@return what a text such as {@code sgd lr .05 momentum .9} says} */
  private static Optimizer optimizer(String text) {
    String[] words = text.strip().split("\\s+");
    Map<String, Object> settings = new HashMap<>();
    for (int i = 1; i + 1 < words.length; i += 2) {
      settings.put(words[i], Double.valueOf(words[i + 1]));
    }
    return Optimizers.named(words[0], new Attributes(settings));
  }

  /** {@return the numbers that a network's description has at a place} */
  private static int[] described(Call c, Pattern pattern) {
    String net = c.attributes().text("net");
    Matcher found = pattern.matcher(net);
    if (!found.find()) {
      throw new IllegalArgumentException("'" + net + "' has nothing like " + pattern);
    }
    int[] numbers = new int[found.groupCount()];
    Arrays.setAll(numbers, i -> Integer.parseInt(found.group(i + 1)));
    return numbers;
  }

  private static Tensor linear(Tensor x, Call p, String weight, String bias) {
    return x.affine(p.in(weight).transpose(), p.in(bias));
  }

  private static Tensor tanhNetwork(Tensor x, Call p) {
    return linear(linear(x, p, "w1", "b1").tanh(), p, "w2", "b2");
  }

  private static Tensor reluNetwork(Tensor x, Call p) {
    return linear(linear(x, p, "w1", "b1").relu(), p, "w2", "b2");
  }

  private static Tensor convolutional(Tensor x, Call p) {
    int[] image = described(p, IMAGES);
    Tensor images = x.reshape(-1, image[0], image[1], image[2]);
    Shape filter = p.in("k").shape();
    Window same = Window.of(filter.dim(2), filter.dim(3)).withSamePadding();
    Tensor features =
        images
            .conv(p.in("k"), p.in("kb"), UnaryOp.RELU, same, 1)
            .maxPool(Window.of(2, 2).withStride(2, 2));
    return linear(features.flatten(1), p, "w", "b");
  }

  private static Tensor normalized(Tensor x, Call p) {
    Tensor hidden = x.matmul(p.in("w1").transpose());
    return linear(hidden.batchNorm(p.in("g"), p.in("be"), NORM_EPS).gelu(), p, "w2", "b2");
  }

  private static Tensor recurrent(Tensor x, Call p) {
    RecurrentWeights weights =
        new RecurrentWeights(
            p.in("weight_ih_l0"), p.in("weight_hh_l0"), p.in("bias_ih_l0"), p.in("bias_hh_l0"));
    int width = p.in("weight_ih_l0").shape().dim(1);
    Tensor sequences = x.reshape(x.shape().dim(0), -1, width);
    Tensor last = sequences.lstm(RecurrentLayers.of(weights).batchFirst()).hidden();
    return linear(last.squeeze(0), p, "w", "b");
  }

  private static Tensor transformer(Tensor x, Call p) {
    int heads = described(p, HEADS)[0];
    Tensor tokens = x.reshape(x.shape().dim(0), -1, p.in("wqkv").shape().dim(1));
    Tensor normal = tokens.layerNorm(1, p.in("g1"), p.in("e1"), NORM_EPS);
    Tensor joint = normal.matmul(p.in("wqkv").transpose());
    Tensor attended =
        tokens.add(linear(SequenceOperations.heads(joint, heads, true), p, "wo", "bo"));
    Tensor again = attended.layerNorm(1, p.in("g2"), p.in("e2"), NORM_EPS);
    Tensor mixed = linear(linear(again, p, "f1", "c1").gelu(), p, "f2", "c2");
    return linear(attended.add(mixed).mean(1), p, "w", "b");
  }
}
