package dev.lanewise.nn.optim;

import dev.lanewise.nn.layer.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What {@link OptimizerSettings} chooses. */
final class Settings {
  double weightDecay;
  boolean decoupledWeightDecay;

  /** The largest size of an element of a gradient; infinite if nothing is clipped. */
  double clipValue = Double.POSITIVE_INFINITY;

  /** The largest length of all gradients together; infinite if nothing is clipped. */
  double globalClipNorm = Double.POSITIVE_INFINITY;

  /** How slowly averages forget; 0 if there are none. */
  double emaMomentum;

  final List<Group> groups = new ArrayList<>();

  /** Weights with a rate and a decay of their own. */
  record Group(Predicate<Weight> which, double rateFactor, double weightDecay) {}

  boolean clipsValues() {
    return clipValue < Double.POSITIVE_INFINITY;
  }

  boolean clipsNorm() {
    return globalClipNorm < Double.POSITIVE_INFINITY;
  }

  boolean averages() {
    return emaMomentum > 0;
  }
}
