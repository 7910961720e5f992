package dev.lanewise.nn;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.data.Batches;
import dev.lanewise.nn.data.LabeledDataset;
import java.util.List;

/** The forms in which a {@link Model} takes its data; all lead to the few methods that it has. */
public sealed interface TrainingOps permits Model {
  /** How many samples are computed at once if nobody says. */
  int EVALUATION_BATCH = 128;

  /**
   * Trains; see {@link Model#fit(Examples, FitOptions)}.
   *
   * @param examples what to learn from
   * @param options how
   * @return what was reported, epoch by epoch
   */
  History fit(Examples examples, FitOptions options);

  /**
   * Trains on batches; see {@link Model#fit(Batches, FitOptions)}.
   *
   * @param batches what to learn from
   * @param options how
   * @return what was reported, epoch by epoch
   */
  History fit(Batches batches, FitOptions options);

  /**
   * Takes one step; see {@link Model#trainOnBatch(Examples)}.
   *
   * @param batch what to learn from
   * @return loss and metrics on the batch, from before the step
   */
  Scores trainOnBatch(Examples batch);

  /**
   * {@return loss and metrics on examples; see {@link Model#evaluate(Examples, int)}}
   *
   * @param examples what to judge by
   * @param batchSize how many are computed at once
   */
  Scores evaluate(Examples examples, int batchSize);

  /**
   * {@return loss and metrics on batches; see {@link Model#evaluate(Batches, long)}}
   *
   * @param batches what to judge by
   * @param steps how many there are to be at most, at least 1
   */
  Scores evaluate(Batches batches, long steps);

  /**
   * {@return each output for samples of several inputs; see {@link Model#predict(Examples, int)}}
   *
   * @param examples the samples; targets do not matter
   * @param batchSize how many are computed at once
   */
  List<Tensor> predict(Examples examples, int batchSize);

  /**
   * {@return the output for samples; see {@link Model#predict(Tensor, int)}}
   *
   * @param x the samples, {@code [n, …]}
   * @param batchSize how many are computed at once
   */
  Tensor predict(Tensor x, int batchSize);

  /**
   * {@return the output for the samples of a data set; see {@link Model#predict(LabeledDataset,
   * int)}}
   *
   * @param data the data set; its labels do not matter
   * @param batchSize how many samples are computed at once
   */
  Tensor predict(LabeledDataset data, int batchSize);

  /**
   * Trains on a data set, as {@link #fit(Examples, FitOptions)} does.
   *
   * @param data what to learn from
   * @param options how
   * @return what was reported, epoch by epoch
   */
  default History fit(LabeledDataset data, FitOptions options) {
    return fit(Examples.of(data), options);
  }

  /**
   * Trains on tensors, as {@link #fit(Examples, FitOptions)} does.
   *
   * @param x the samples, {@code [n, …]}
   * @param y what is right for each
   * @param options how
   * @return what was reported, epoch by epoch
   */
  default History fit(Tensor x, Tensor y, FitOptions options) {
    return fit(Examples.of(x, y), options);
  }

  /**
   * Takes one step, as {@link #trainOnBatch(Examples)} does.
   *
   * @param x the samples, {@code [n, …]}
   * @param y what is right for each
   * @return loss and metrics on the batch, from before the step
   */
  default Scores trainOnBatch(Tensor x, Tensor y) {
    return trainOnBatch(Examples.of(x, y));
  }

  /**
   * {@return loss and metrics on examples, computed as one batch}
   *
   * @param batch what to judge by
   */
  default Scores testOnBatch(Examples batch) {
    return evaluate(batch, batch.size());
  }

  /**
   * {@return loss and metrics on tensors, computed as one batch}
   *
   * @param x the samples, {@code [n, …]}
   * @param y what is right for each
   */
  default Scores testOnBatch(Tensor x, Tensor y) {
    return testOnBatch(Examples.of(x, y));
  }

  /**
   * {@return the output for samples, computed as one batch, without gradients}
   *
   * @param x the samples, {@code [n, …]}
   * @throws dev.lanewise.array.ShapeException if a layer does not take them
   */
  default Tensor predictOnBatch(Tensor x) {
    Examples batch = Examples.of(List.of(x), List.of());
    return predict(batch, batch.size()).getFirst();
  }

  /**
   * {@return loss and metrics on all batches of epoch 0, which must end}
   *
   * @param batches what to judge by
   * @throws IllegalArgumentException if a label is not a class of the model, or there are no
   *     batches
   */
  default Scores evaluate(Batches batches) {
    return evaluate(batches, Long.MAX_VALUE);
  }

  /**
   * {@return loss and metrics on examples}
   *
   * @param examples what to judge by
   * @throws IllegalStateException if {@code compile} was not called
   * @throws dev.lanewise.array.ShapeException if samples, targets and model do not fit each other
   * @throws dev.lanewise.array.DTypeException if targets are not of the type that the loss takes
   * @throws IllegalArgumentException if a label is not a class of the model
   */
  default Scores evaluate(Examples examples) {
    return evaluate(examples, EVALUATION_BATCH);
  }

  /**
   * {@return loss and metrics on a data set}
   *
   * @param data what to judge by
   */
  default Scores evaluate(LabeledDataset data) {
    return evaluate(Examples.of(data));
  }

  /**
   * {@return loss and metrics on a data set}
   *
   * @param data what to judge by
   * @param batchSize how many samples are computed at once; 128 if nobody says
   * @throws IllegalArgumentException if it is not positive, or a label is not a class of the model
   */
  default Scores evaluate(LabeledDataset data, int batchSize) {
    return evaluate(Examples.of(data), batchSize);
  }

  /**
   * {@return loss and metrics on tensors}
   *
   * @param x the samples, {@code [n, …]}
   * @param y what is right for each
   */
  default Scores evaluate(Tensor x, Tensor y) {
    return evaluate(Examples.of(x, y));
  }

  /**
   * {@return loss and metrics on tensors}
   *
   * @param x the samples, {@code [n, …]}
   * @param y what is right for each
   * @param batchSize how many samples are computed at once; 128 if nobody says
   * @throws IllegalArgumentException if it is not positive, or a label is not a class of the model
   */
  default Scores evaluate(Tensor x, Tensor y, int batchSize) {
    return evaluate(Examples.of(x, y), batchSize);
  }

  /**
   * {@return the output for samples, computed batch by batch, without gradients}
   *
   * @param x the samples, {@code [n, …]}
   * @throws dev.lanewise.array.ShapeException if a layer does not take them
   */
  default Tensor predict(Tensor x) {
    return predict(x, EVALUATION_BATCH);
  }

  /**
   * {@return the output for the samples of a data set}
   *
   * @param data the data set; its labels do not matter
   */
  default Tensor predict(LabeledDataset data) {
    return predict(data, EVALUATION_BATCH);
  }

  /**
   * {@return each output for samples of several inputs, computed batch by batch, without gradients}
   *
   * @param inputs the samples, {@code [n, …]}, one tensor for each input
   * @throws dev.lanewise.array.ShapeException if a layer does not take them
   */
  default List<Tensor> predict(List<Tensor> inputs) {
    return predict(Examples.of(inputs, List.of()), EVALUATION_BATCH);
  }
}
