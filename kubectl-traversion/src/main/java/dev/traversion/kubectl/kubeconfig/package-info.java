/* SPDX-License-Identifier: Apache-2.0 */
/** The user's kubeconfig: finding what is in it, and adding moments of the past to it without touching the rest. */
package dev.traversion.kubectl.kubeconfig;
