CREATE TABLE "cluster_observations" (
	"cluster_id" text PRIMARY KEY NOT NULL,
	"ready" boolean NOT NULL,
	"nodes" jsonb,
	"observed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "cluster_observations" ADD CONSTRAINT "cluster_observations_cluster_id_clusters_id_fk" FOREIGN KEY ("cluster_id") REFERENCES "public"."clusters"("id") ON DELETE cascade ON UPDATE no action;