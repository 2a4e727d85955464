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

/** The moment from which on the memory of a container grew until it was killed for it. */
final class MemoryGrowth extends PlainRule {

    /** A fall by less than this share is none. */
    private static final double GRAIN = 0.03;

    /** Fewer samples tell no growth from a jump. */
    private static final int LEAST = 4;

    /** So much more it must be in the end. */
    private static final double FACTOR = 1.5;

    private static final long MEBI = 1 << 20;

    MemoryGrowth() {
        super(
                "memory-growth",
                "The agent on the node saw the memory of a container grow, sample by sample, until it was killed for it: from that moment"
                        + " on something was other than before.",
                Set.of(What.OUT_OF_MEMORY));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        if (!trouble.about().key().type().equals(Types.PODS)) {
            return links;
        }
        List<Kernel.Sample> samples =
                world.usage(trouble.about(), trouble.container(), world.from(), trouble.from() + SLACK);
        int start = start(samples);
        boolean grows = samples.size() - start >= LEAST
                && samples.getLast().memory() >= FACTOR * samples.get(start).memory();
        if (grows) {
            Kernel.Sample first = samples.get(start);
            Kernel.Sample last = samples.getLast();
            String text = "the memory of container " + trouble.container() + " grew from " + first.memory() / MEBI
                    + " MiB to " + last.memory() / MEBI + " MiB in " + (last.at() - first.at()) / 1_000_000_000L + " s";
            Trouble growing = new Trouble(
                    What.MEMORY_GROWS,
                    trouble.about(),
                    trouble.container(),
                    text,
                    first.at(),
                    trouble.from(),
                    List.of(new Evidence(Evidence.Type.KERNEL, trouble.about(), first.at(), text)));
            links.add(Link.to(growing, Tier.B, 0.98, "it was killed when it had taken all it may"));
        }
        return links;
    }

    /** The last sample of all those from which on each is larger than the one before. */
    private static int start(List<Kernel.Sample> samples) {
        int start = Math.max(0, samples.size() - 1);
        while (start > 0
                && samples.get(start - 1).memory() <= samples.get(start).memory() * (1 + GRAIN)
                && samples.get(start - 1).memory() < samples.getLast().memory()) {
            start--;
        }
        // Of a level before the growth only its end counts.
        while (start + 1 < samples.size()
                && samples.get(start + 1).memory() <= samples.get(start).memory() * (1 + GRAIN)) {
            start++;
        }
        return start;
    }
}
