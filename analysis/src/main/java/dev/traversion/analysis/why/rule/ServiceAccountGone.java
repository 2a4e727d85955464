/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A ServiceAccount that is not there. */
final class ServiceAccountGone extends PlainRule {

    private static final Pattern MISSING = Pattern.compile("serviceaccount \"([^\"]+)\" not found");

    ServiceAccountGone() {
        super(
                "service-account",
                "A pod was refused because its ServiceAccount is not there. Proved: it was deleted, or the workload began to ask for"
                        + " it when it was not there.",
                Set.of(What.CREATE_REFUSED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Matcher missing = MISSING.matcher(trouble.text());
        if (!missing.find()) {
            return links;
        }
        ObjectKey account = new ObjectKey(Types.ACCOUNTS, trouble.about().key().namespace(), missing.group(1));
        for (Change change : world.changes(account)) {
            if (change.operation() == Change.Operation.DELETED && Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(change, Tier.A, 1, "the workload's ServiceAccount was deleted"));
            }
        }
        Version maker = Templates.maker(world, trouble.about());
        for (Change change : world.changes(maker.key())) {
            boolean asks = change.path().endsWith("serviceAccountName")
                    && change.now() != null
                    && change.now().asText().equals(account.name());
            if (asks && Rule.precedes(change.at(), trouble)) {
                boolean isProved = world.knows(Types.ACCOUNTS, account.namespace())
                        && world.at(account, change.at()).isEmpty();
                links.add(Link.to(
                        change,
                        isProved ? Tier.A : Tier.B,
                        isProved ? 0.95 : 0.6,
                        "the workload asks for a ServiceAccount that is not there"));
            }
        }
        return links;
    }
}
