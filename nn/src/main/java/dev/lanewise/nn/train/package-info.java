/**
 * What {@code fit} can call while it trains, given by {@link dev.lanewise.nn.FitOptions#callbacks}:
 * {@link dev.lanewise.nn.train.EarlyStopping}, {@link dev.lanewise.nn.train.ModelCheckpoint},
 * {@link dev.lanewise.nn.train.LearningRateScheduler}, {@link
 * dev.lanewise.nn.train.ReduceLROnPlateau}, {@link dev.lanewise.nn.train.CSVLogger} and {@link
 * dev.lanewise.nn.train.TerminateOnNaN}; and {@link dev.lanewise.nn.train.WeightSnapshot}, which
 * keeps weights for later. One object serves one call of {@code fit} after another, each from the
 * beginning. One's own are a {@link dev.lanewise.nn.TrainingCallback}.
 */
package dev.lanewise.nn.train;
