/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What is asked by what a container asks. */
final class FartherEndpoints extends PlainRule {

    FartherEndpoints() {
        super(
                "farther-endpoints",
                "A container names a Service, behind which others name further ones. Its probe began to fail, with an"
                        + " error of a server or no answer in time, just when pods of a changed template took over behind"
                        + " one of those.",
                Set.of(What.READINESS_FAILED, What.LIVENESS_FAILED, What.STARTUP_FAILED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        for (Calls.Call call : Calls.ofAnswer(world, trouble)) {
            if (call.hops() > 1) {
                behind(world, trouble, call, links);
            }
        }
        return links;
    }

    private static void behind(World world, Trouble trouble, Calls.Call call, List<Link> links) {
        for (Version maker : Calls.behind(world, trouble, call.service())) {
            for (Change change : world.changes(maker.key())) {
                boolean isTemplate = change.operation() == Change.Operation.CHANGED
                        && change.path().startsWith(Templates.prefix(maker.body()) + "spec");
                if (isTemplate && TookOver.isJustThen(world, trouble, call.service(), change)) {
                    links.add(Link.to(
                            change,
                            Tier.B,
                            call.fade(Fields.lengthens(change) ? 0.6 : 0.5),
                            "what it calls calls the Service " + call.service().path()
                                    + ", and what answers there is made in another way since"));
                }
            }
        }
    }
}
