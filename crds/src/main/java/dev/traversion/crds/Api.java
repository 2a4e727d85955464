/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

/** The API group that these resources are served in. */
public final class Api {

    public static final String GROUP = "traversion.dev";
    public static final String VERSION = "v1alpha1";

    private Api() {}
}
