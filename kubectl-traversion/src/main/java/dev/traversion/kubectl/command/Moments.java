/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.kubectl.kubeconfig.MomentContext;
import dev.traversion.kubectl.server.MomentAnswer;
import dev.traversion.kubectl.time.MomentText;
import java.time.Instant;

/** Moments as contexts of kubectl. */
final class Moments {

    private Moments() {}

    static MomentContext context(MomentAnswer moment) {
        return new MomentContext(
                name(moment),
                moment.url(),
                moment.certificate(),
                MomentContext.Login.byToken(moment.token()),
                moment.namespace());
    }

    /** {@code prod@14:03:22Z}. */
    static String name(MomentAnswer moment) {
        return moment.clusterName() + "@" + MomentText.brief(moment.instant(), Instant.now());
    }
}
