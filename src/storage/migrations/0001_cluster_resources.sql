CREATE TABLE "cluster_resources" (
	"cluster_id" text NOT NULL,
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"existing" boolean NOT NULL,
	"creator" text NOT NULL,
	"node_pool_id" text,
	"details" jsonb NOT NULL,
	"dependencies" jsonb NOT NULL,
	"associated_object" jsonb,
	"ordinal" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "cluster_resources_cluster_id_ordinal_pk" PRIMARY KEY("cluster_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "security_groups" (
	"account_id" text NOT NULL,
	"id" text NOT NULL,
	"vpc_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "security_groups_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
ALTER TABLE "cluster_resources" ADD CONSTRAINT "cluster_resources_cluster_id_clusters_id_fk" FOREIGN KEY ("cluster_id") REFERENCES "public"."clusters"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "security_groups" ADD CONSTRAINT "security_groups_account_id_vpc_id_vpcs_account_id_id_fk" FOREIGN KEY ("account_id","vpc_id") REFERENCES "public"."vpcs"("account_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "cluster_resources_kind_index" ON "cluster_resources" USING btree ("kind");