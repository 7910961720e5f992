/**
 * Data to learn from: where they come from, and how they become batches.
 *
 * <p>Start with {@link dev.lanewise.nn.data.Digits#load Digits.load()} or {@link
 * dev.lanewise.nn.data.Iris#load Iris.load()}: they need no file. Both give a {@link
 * dev.lanewise.nn.data.LabeledDataset}, plain arrays with a shape, class names, {@code split} and
 * {@code stratifiedSplit}; data of your own become one with {@link
 * dev.lanewise.nn.data.LabeledDataset#of LabeledDataset.of}. {@link
 * dev.lanewise.nn.data.FashionMnist} and {@link dev.lanewise.nn.data.Mnist} read the well-known
 * image sets from a folder, and {@link dev.lanewise.nn.data.IdxFile} any file of their format.
 * Tables of your own come as CSV: {@link dev.lanewise.nn.data.CsvFile CsvFile.read} and {@code
 * labeled}; images as {@link dev.lanewise.nn.data.ImageFolder ImageFolder.load}; and what is drawn
 * by chance from {@link dev.lanewise.nn.data.SyntheticClassification} and its neighbours.
 *
 * <p>A {@link dev.lanewise.nn.data.Dataset} is more general: samples asked for by number, of any
 * tensors, several inputs and targets, and weights, in memory or computed when asked for; with
 * {@code select}, {@code split}, {@code map}, {@code cache}, and {@link dev.lanewise.nn.data.KFold}
 * for cross-validation. {@link dev.lanewise.nn.data.DataLoader} makes batches of it: shuffled or
 * drawn by a {@link dev.lanewise.nn.data.Sampler}, changed by a {@link
 * dev.lanewise.nn.data.BatchTransform}, computed ahead. Whoever trains takes {@link
 * dev.lanewise.nn.data.Batches}: a loader, or your own.
 *
 * <p>{@link dev.lanewise.nn.data.Scaler} brings features to one scale, and {@link
 * dev.lanewise.nn.data.Augmentation} changes the images of a {@link dev.lanewise.nn.data.Batch} by
 * chance. Nothing here downloads.
 */
package dev.lanewise.nn.data;
