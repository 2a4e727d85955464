/* SPDX-License-Identifier: Apache-2.0 */
/** RecordingPolicy: whether it is in force, and the rules that all of them and their Recording make together. */
package dev.traversion.operator.policy;
