/**
 * How weights follow their gradients. An {@link dev.lanewise.nn.optim.Optimizer} is a few
 * expressions; one kernel call updates a weight and its state, in place. {@link
 * dev.lanewise.nn.optim.SGD} and {@link dev.lanewise.nn.optim.Adam} are those to start with;
 * settings that all have are in {@link dev.lanewise.nn.optim.OptimizerSettings}, learning rates
 * that change in {@link dev.lanewise.nn.optim.Schedule}, and clipping for a training loop of one's
 * own in {@link dev.lanewise.nn.optim.GradientClip}. Such a loop takes its steps by {@link
 * dev.lanewise.nn.optim.Optimizer#over}, {@link dev.lanewise.nn.optim.Optimizer#zeroGrad} and
 * {@link dev.lanewise.nn.optim.Optimizer#step}. Rates that follow a metric are not here.
 *
 * <p>Constructors and names give what Keras computes, the static {@code pytorch} of each what
 * PyTorch computes. They differ in these:
 *
 * <ul>
 *   <li>the usual numbers;
 *   <li>where {@code eps} stands: beside or under a root, beside a corrected one or not;
 *   <li>velocities: Keras's are of steps, the rate included, PyTorch's of gradients;
 *   <li>weight decay: decoupled in Keras; in PyTorch added to the gradient, but by {@code AdamW}.
 * </ul>
 *
 * <p>{@link dev.lanewise.nn.optim.RAdam}, which Keras does not have, computes what PyTorch does,
 * and {@link dev.lanewise.nn.optim.Lion} what its paper says. All weights share one count of steps,
 * where PyTorch counts for each: a weight whose first gradient comes late gets the corrections of
 * that step.
 */
package dev.lanewise.nn.optim;
