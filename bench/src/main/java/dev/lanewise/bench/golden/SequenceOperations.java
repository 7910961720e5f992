package dev.lanewise.bench.golden;

import dev.lanewise.array.DType;
import dev.lanewise.autodiff.RecurrentLayers;
import dev.lanewise.autodiff.RecurrentWeights;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.UnaryOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Recurrent networks and attention. */
final class SequenceOperations {
  static final Map<String, Operation> TABLE =
      Map.of(
          "rnn", SequenceOperations::rnn,
          "lstm", SequenceOperations::lstm,
          "gru", SequenceOperations::gru,
          "sdpa", Operation.of(SequenceOperations::attention),
          "multi_head_self", Operation.of(SequenceOperations::selfAttention));

  private SequenceOperations() {}

  /** {@return the weights of all layers and directions, by PyTorch's names} */
  static RecurrentLayers layers(Call c) {
    boolean twoWays = c.attributes().flag("bidirectional");
    List<RecurrentWeights> weights = new ArrayList<>();
    for (int layer = 0; layer < c.attributes().integer("layers", 1); layer++) {
      weights.add(weights(c, "_l" + layer));
      if (twoWays) {
        weights.add(weights(c, "_l" + layer + "_reverse"));
      }
    }
    RecurrentLayers layers = RecurrentLayers.of(weights);
    layers = twoWays ? layers.bidirectional() : layers;
    return c.attributes().flag("batch_first") ? layers.batchFirst() : layers;
  }

  private static RecurrentWeights weights(Call c, String suffix) {
    return new RecurrentWeights(
        c.in("weight_ih" + suffix),
        c.in("weight_hh" + suffix),
        c.inOrNull("bias_ih" + suffix),
        c.inOrNull("bias_hh" + suffix));
  }

  private static Tensor[] rnn(Call c) {
    UnaryOp activation = c.attributes().text("gates").equals("relu") ? UnaryOp.RELU : UnaryOp.TANH;
    var sequence = c.x().rnn(layers(c), c.inOrNull("h0"), activation);
    return new Tensor[] {sequence.outputs(), sequence.hidden()};
  }

  private static Tensor[] gru(Call c) {
    var sequence = c.x().gru(layers(c), c.inOrNull("h0"), true);
    return new Tensor[] {sequence.outputs(), sequence.hidden()};
  }

  private static Tensor[] lstm(Call c) {
    var sequence = c.x().lstm(layers(c), c.inOrNull("h0"), c.inOrNull("c0"));
    return new Tensor[] {sequence.outputs(), sequence.hidden(), sequence.cell()};
  }

  private static Tensor attention(Call c) {
    Tensor q = c.in("q");
    Tensor mask = c.inOrNull("m");
    boolean causal = c.attributes().flag("causal");
    if (mask == null) {
      return causal ? q.causalAttention(c.in("k"), c.in("v")) : q.attention(c.in("k"), c.in("v"));
    }
    if (causal) {
      throw new IllegalArgumentException("attention is causal or has a mask, not both");
    }
    return q.attention(c.in("k"), c.in("v"), added(mask, q.dtype()));
  }

  /** {@return what is added to scores: 0 where a mask is true, and minus infinity elsewhere} */
  private static Tensor added(Tensor mask, DType dtype) {
    if (mask.dtype() != DType.BOOL) {
      return mask;
    }
    Tensor zeros = Tensor.zeros(mask.backend(), dtype, mask.shape());
    return zeros.maskedFill(mask.not(), Double.NEGATIVE_INFINITY);
  }

  private static Tensor selfAttention(Call c) {
    Tensor joint = c.x().affine(c.in("wi").transpose(), c.in("bi"));
    Tensor context = heads(joint, c.attributes().integer("heads"), false);
    return context.affine(c.in("wo").transpose(), c.in("bo"));
  }

  /**
   * {@return attention by heads, which are put together again}
   *
   * @param joint queries, keys and values side by side, {@code [n, steps, 3 · width]}
   */
  static Tensor heads(Tensor joint, int heads, boolean causal) {
    int width = joint.shape().dim(-1) / 3;
    List<Tensor> parts = new ArrayList<>();
    for (Tensor part : joint.split(-1, width, width, width)) {
      int steps = part.shape().dim(1);
      parts.add(part.reshape(-1, steps, heads, width / heads).transpose(1, 2));
    }
    Tensor context =
        causal
            ? parts.get(0).causalAttention(parts.get(1), parts.get(2))
            : parts.get(0).attention(parts.get(1), parts.get(2));
    return context.transpose(1, 2).reshape(-1, joint.shape().dim(1), width);
  }
}
