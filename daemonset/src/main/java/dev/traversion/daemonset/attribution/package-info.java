/* SPDX-License-Identifier: Apache-2.0 */
/** Which pod and container a control group belongs to. */
package dev.traversion.daemonset.attribution;
