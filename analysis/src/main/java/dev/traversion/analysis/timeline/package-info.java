/* SPDX-License-Identifier: Apache-2.0 */
/** What happened, in order: changes, transitions of conditions, Events and gaps. */
package dev.traversion.analysis.timeline;
