package dev.lanewise.graph;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.AttentionSpec;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.NormSpec;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.ReduceOp;
import java.util.List;

/** The methods of the backends' contract that no pass looks into: a constant calls its method. */
public enum Kernel {
  /** {@link Backend#argMax}. */
  ARG_MAX("argMax", (b, a, out, in) -> b.argMax(in[0], a.integer(0), out[0])),
  /** {@link Backend#argMin}. */
  ARG_MIN("argMin", (b, a, out, in) -> b.argMin(in[0], a.integer(0), out[0])),
  /** {@link Backend#sort}. */
  SORT("sort", (b, a, out, in) -> b.sort(in[0], a.integer(0), a.flag(1), out[0], out[1])),
  /** {@link Backend#scan}. */
  SCAN(
      "scan",
      (b, a, out, in) ->
          b.scan(a.get(0, ReduceOp.class), in[0], a.integer(1), a.flag(2), a.flag(3), out[0])),
  /** {@link Backend#convBackwardData}. */
  CONV_BACKWARD_DATA(
      "convBackwardData",
      (b, a, out, in) -> b.convBackwardData(a.get(0, ConvSpec.class), in[0], in[1], out[0])),
  /** {@link Backend#convBackwardFilter}. */
  CONV_BACKWARD_FILTER(
      "convBackwardFilter",
      (b, a, out, in) -> b.convBackwardFilter(a.get(0, ConvSpec.class), in[0], in[1], out[0])),
  /** {@link Backend#maxPool}. */
  MAX_POOL(
      "maxPool", (b, a, out, in) -> b.maxPool(a.get(0, PoolSpec.class), in[0], out[0], out[1])),
  /** {@link Backend#maxPoolBackward}. */
  MAX_POOL_BACKWARD(
      "maxPoolBackward",
      (b, a, out, in) -> b.maxPoolBackward(a.get(0, PoolSpec.class), in[0], in[1], out[0])),
  /** {@link Backend#avgPool}. */
  AVG_POOL(
      "avgPool", (b, a, out, in) -> b.avgPool(a.get(0, PoolSpec.class), a.flag(1), in[0], out[0])),
  /** {@link Backend#avgPoolBackward}. */
  AVG_POOL_BACKWARD(
      "avgPoolBackward",
      (b, a, out, in) -> b.avgPoolBackward(a.get(0, PoolSpec.class), a.flag(1), in[0], out[0])),
  /** {@link Backend#gather}. */
  GATHER("gather", (b, a, out, in) -> b.gather(in[0], a.integer(0), in[1], out[0])),
  /** {@link Backend#scatterAdd}. */
  SCATTER_ADD(
      "scatterAdd", true, (b, a, out, in) -> b.scatterAdd(in[0], a.integer(0), in[1], out[0])),
  /** {@link Backend#indexSelect}. */
  INDEX_SELECT("indexSelect", (b, a, out, in) -> b.indexSelect(in[0], a.integer(0), in[1], out[0])),
  /** {@link Backend#indexAdd}. */
  INDEX_ADD("indexAdd", true, (b, a, out, in) -> b.indexAdd(in[0], a.integer(0), in[1], out[0])),
  /** {@link Backend#softmax}. */
  SOFTMAX("softmax", (b, a, out, in) -> b.softmax(in[0], a.integer(0), out[0])),
  /** {@link Backend#softmaxBackward}. */
  SOFTMAX_BACKWARD(
      "softmaxBackward", (b, a, out, in) -> b.softmaxBackward(in[0], in[1], a.integer(0), out[0])),
  /** {@link Backend#logSoftmax}. */
  LOG_SOFTMAX("logSoftmax", (b, a, out, in) -> b.logSoftmax(in[0], a.integer(0), out[0])),
  /** {@link Backend#logSoftmaxBackward}. */
  LOG_SOFTMAX_BACKWARD(
      "logSoftmaxBackward",
      (b, a, out, in) -> b.logSoftmaxBackward(in[0], in[1], a.integer(0), out[0])),
  /** {@link Backend#crossEntropy}. */
  CROSS_ENTROPY(
      "crossEntropy",
      (b, a, out, in) -> b.crossEntropy(a.get(0, CrossEntropySpec.class), in[0], in[1], out[0])),
  /** {@link Backend#crossEntropyWithGradient}. */
  CROSS_ENTROPY_WITH_GRADIENT(
      "crossEntropyWithGradient",
      (b, a, out, in) ->
          b.crossEntropyWithGradient(
              a.get(0, CrossEntropySpec.class), in[0], in[1], in[2], out[0], out[1])),
  /** {@link Backend#moments}. */
  MOMENTS("moments", (b, a, out, in) -> b.moments(a.get(0, NormSpec.class), in[0], out[0], out[1])),
  /** {@link Backend#normalizeBy}. */
  NORMALIZE_BY(
      "normalizeBy",
      (b, a, out, in) ->
          b.normalizeBy(a.get(0, NormSpec.class), in[0], in[1], in[2], in[3], in[4], out[0])),
  /** {@link Backend#normalize}. */
  NORMALIZE(
      "normalize",
      (b, a, out, in) -> b.normalize(a.get(0, NormSpec.class), in[0], in[1], in[2], out[0])),
  /** {@link Backend#normalizeBackward}. */
  NORMALIZE_BACKWARD(
      "normalizeBackward",
      (b, a, out, in) ->
          b.normalizeBackward(
              a.get(0, NormSpec.class), in[0], in[1], in[2], out[0], out[1], out[2])),
  /** {@link Backend#attention}. */
  ATTENTION(
      "attention",
      (b, a, out, in) ->
          b.attention(a.get(0, AttentionSpec.class), in[0], in[1], in[2], in[3], out[0], out[1])),
  /** {@link Backend#attentionBackward}. */
  ATTENTION_BACKWARD(
      "attentionBackward",
      (b, a, out, in) ->
          b.attentionBackward(
              a.get(0, AttentionSpec.class),
              in[0],
              in[1],
              in[2],
              in[3],
              in[4],
              in[5],
              in[6],
              out[0],
              out[1],
              out[2])),
  /** {@link Backend#lstm}. */
  LSTM("lstm", (b, _, out, in) -> b.lstm(in[0], in[1], out[0], out[1], out[2])),
  /** {@link Backend#lstmBackward}. */
  LSTM_BACKWARD(
      "lstmBackward",
      (b, _, out, in) -> b.lstmBackward(in[0], in[1], in[2], in[3], in[4], out[0], out[1])),
  /** {@link Backend#gru}. */
  GRU("gru", (b, _, out, in) -> b.gru(in[0], in[1], in[2], out[0], out[1])),
  /** {@link Backend#gruBackward}. */
  GRU_BACKWARD(
      "gruBackward",
      (b, _, out, in) -> b.gruBackward(in[0], in[1], in[2], in[3], out[0], out[1], out[2])),
  /** {@link Backend#gruGates}. */
  GRU_GATES("gruGates", (b, _, out, in) -> b.gruGates(in[0], in[1], out[0], out[1])),
  /** {@link Backend#gruState}. */
  GRU_STATE("gruState", (b, _, out, in) -> b.gruState(in[0], in[1], in[2], out[0], out[1])),
  /** {@link Backend#gruStateBackward}. */
  GRU_STATE_BACKWARD(
      "gruStateBackward", (b, _, out, in) -> b.gruStateBackward(in[0], in[1], in[2], out[0])),
  /** {@link Backend#gruGatesBackward}. */
  GRU_GATES_BACKWARD(
      "gruGatesBackward",
      (b, _, out, in) -> b.gruGatesBackward(in[0], in[1], in[2], in[3], in[4], out[0], out[1]));

  /** The call of a method. */
  @FunctionalInterface
  interface Body {
    void run(Backend backend, Attributes attributes, NdArray[] outs, NdArray[] ins);
  }

  /** What a method is given beside arrays, by place. */
  record Attributes(List<Object> values) {
    int integer(int place) {
      return get(place, Integer.class);
    }

    boolean flag(int place) {
      return get(place, Boolean.class);
    }

    <T> T get(int place, Class<T> type) {
      return type.cast(values.get(place));
    }
  }

  private final String method;
  private final boolean readsOuts;
  private final Body body;

  Kernel(String method, Body body) {
    this(method, false, body);
  }

  Kernel(String method, boolean readsOuts, Body body) {
    this.method = method;
    this.readsOuts = readsOuts;
    this.body = body;
  }

  /** {@return the name of the contract's method} */
  public String method() {
    return method;
  }

  /** {@return whether it adds to what is in its output} */
  public boolean readsOuts() {
    return readsOuts;
  }

  Body body() {
    return body;
  }
}
