/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Kernel;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A container that waits for its limit of CPU, by the samples of its usage. */
final class Throttled extends PlainRule {

    /** So long before a trouble samples are looked at, ns. */
    private static final long BEFORE = 120_000_000_000L;

    /** Samples are taken every five seconds, ns. */
    private static final long BETWEEN = 10_000_000_000L;

    /** Of the periods between two samples. */
    private static final double SHARE = 0.25;

    Throttled() {
        super(
                "throttled",
                "The agent on the node saw that a container, whose probes fail, had to wait for its limit of CPU in a quarter of the"
                        + " periods or more.",
                Set.of(What.LIVENESS_FAILED, What.READINESS_FAILED, What.STARTUP_FAILED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        if (!trouble.about().key().type().equals(Types.PODS)) {
            return links;
        }
        Kernel.Sample before = null;
        Trouble throttled = null;
        boolean goesOn = false;
        for (Kernel.Sample sample :
                world.usage(trouble.about(), trouble.container(), trouble.from() - BEFORE, trouble.from() + BETWEEN)) {
            long periods = before == null ? 0 : sample.periods() - before.periods();
            long waited = before == null ? 0 : sample.throttled() - before.throttled();
            boolean isThrottled = waited > 0 && waited >= SHARE * periods;
            if (isThrottled && !goesOn) {
                throttled = throttled(trouble, before.at(), sample, waited + " of " + periods);
            }
            goesOn = isThrottled;
            before = sample;
        }
        if (throttled != null) {
            links.add(Link.to(throttled, Tier.B, 0.97, "it answers too late"));
        }
        return links;
    }

    /** Since when it had to wait without a pause; a start often takes more than there is. */
    private static Trouble throttled(Trouble trouble, long since, Kernel.Sample sample, String share) {
        String text = "container " + trouble.container() + " had to wait in " + share + " periods of its CPU limit";
        return new Trouble(
                What.THROTTLED,
                trouble.about(),
                trouble.container(),
                text,
                since,
                Long.MAX_VALUE,
                List.of(new Evidence(Evidence.Type.KERNEL, trouble.about(), sample.at(), text)));
    }
}
